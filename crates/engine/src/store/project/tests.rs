use super::*;
use crate::store::scan::Scan;
use domain::{EventName, InsertId, Timestamp};

fn pseudonym(name: &str) -> Pseudonym {
    let mut bytes = [0; 16];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    Pseudonym(bytes)
}

fn event(name: &str, who: &str, time: i64, insert_id: &str) -> Event {
    Event {
        name: EventName::from(name),
        time: Timestamp::from_seconds(time),
        distinct: Some(pseudonym(who)),
        device: None,
        user: None,
        insert_id: InsertId::from(insert_id),
        properties: vec![],
    }
}

fn batch(events: Vec<Event>) -> Batch {
    let mut batch = Batch::new(ProjectId(1), Timestamp::from_seconds(100));
    batch.events = events;
    batch
}

fn project() -> Project {
    let disk = Arc::new(crate::disk::SimDisk::new(0));
    let paths = ProjectPaths::new(std::path::Path::new("/"), ProjectId(1));
    Project::new(ProjectId(1), IdentityMode::Simplified, disk, &paths)
}

fn count(project: &mut Project) -> usize {
    project.snapshot().scan(&Scan::everything()).map(|block| block.unwrap().len()).sum()
}

#[test]
fn t12_the_same_event_counts_once() {
    let mut project = project();
    let first = event("a", "u1", 1, "i1");
    project.apply(LogPosition(1), &batch(vec![first.clone()]));
    project.apply(LogPosition(1), &batch(vec![first.clone()]));
    assert_eq!(count(&mut project), 1);
    project.apply(LogPosition(1), &batch(vec![event("a", "u2", 1, "i1")]));
    assert_eq!(count(&mut project), 2);
    project.apply(LogPosition(1), &batch(vec![first]));
    assert_eq!(count(&mut project), 2);
}

#[test]
fn i01_a_device_and_its_user_are_one_person() {
    let mut project = project();
    let mut anonymous = event("a", "d1", 1, "i1");
    anonymous.device = Some(pseudonym("d1"));
    let mut known = event("b", "u1", 2, "i2");
    known.device = anonymous.device;
    known.user = known.distinct;
    project.apply(LogPosition(1), &batch(vec![anonymous]));
    let before = project.snapshot();
    project.apply(LogPosition(1), &batch(vec![known]));
    let after = project.snapshot();
    let people = |snapshot: &Snapshot| -> Vec<u32> {
        snapshot.scan(&Scan::everything()).flat_map(|block| block.unwrap().people().to_vec()).collect()
    };
    let user = after.person(&pseudonym("u1")).unwrap().0;
    assert_eq!(people(&after), [user, user]);
    assert_eq!(people(&before).len(), 1);
    assert_eq!(before.person(&pseudonym("u1")), None);
}
