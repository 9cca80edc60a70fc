use super::*;
use crate::classify::ClassOverrides;
use domain::ProjectId;
use std::sync::Arc;
use vault::{PseudonymKey, SeededEntropy, VaultPrivateKey};

fn sealer() -> ProjectSealer {
    let entropy = Arc::new(SeededEntropy::new(1));
    let vault = VaultPrivateKey::generate(&*entropy).public();
    ProjectSealer::new(ProjectId(1), vault, &PseudonymKey::from_bytes([7; 32]), [], entropy)
}

fn table(body: &[u8]) -> Result<LookupTable, LookupError> {
    read(body, &Classifier::new(ClassOverrides::default()), &sealer())
}

#[test]
fn a_table_is_read_and_swept() {
    let read =
        table(b"\xef\xbb\xbfsku,title,contact\nA1,\"Chair, red\",ada@example.com\nA2,Table,\n").unwrap();
    assert_eq!(read.columns, ["sku", "title", "contact"]);
    assert_eq!((read.rows, read.taken_out), (2, 1));
    let csv = String::from_utf8(read.csv).unwrap();
    assert_eq!(csv, "sku,title,contact\nA1,\"Chair, red\",[email]\nA2,Table,\n");
}

#[test]
fn a_personal_row_id_becomes_the_pseudonym_of_its_events() {
    let read = table(b"person,tier\nada@example.com,gold\nbob@example.com,tin\n").unwrap();
    let csv = String::from_utf8(read.csv).unwrap();
    let (ada, bob) = (sealer().pseudonym("ada@example.com"), sealer().pseudonym("bob@example.com"));
    assert_eq!(csv, format!("person,tier\n{ada},gold\n{bob},tin\n"));
}

#[test]
fn bad_rows_are_named_up_to_ten() {
    let failed = |body: &[u8]| match table(body) {
        Err(LookupError::Rows(rows)) => rows,
        other => panic!("{other:?}"),
    };
    let rows = failed(b"id,a\n1,x\n1,y\n,z\n4\n5,\xff\n");
    let named: Vec<_> = rows.iter().map(|row| (row.index, row.message)).collect();
    assert_eq!(
        named,
        [
            (1, "row id, not unique"),
            (2, "row id, missing or empty"),
            (3, "row, not as many cells as the header"),
            (4, "row, not UTF-8"),
        ]
    );
    let many = format!("id,a\n{}", "1,x\n".repeat(50));
    assert_eq!(failed(many.as_bytes()).len(), 10);
    let reply = refused(&LookupError::Rows(rows));
    let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(reply.status, 400);
    assert_eq!(
        answer["failed_records"][0],
        serde_json::json!({ "index": 1, "message": "row id, not unique" })
    );
}

#[test]
fn what_is_no_table_is_refused() {
    assert_eq!(table(b""), Err(LookupError::Empty));
    assert_eq!(table(b"a,a\n1,2\n"), Err(LookupError::BadHeader));
    assert_eq!(table(b"\x1f\x8bnonsense"), Err(LookupError::BadGzip));
    assert_eq!(refused(&LookupError::TooLarge).status, 413);
    assert_eq!(unknown().status, 404);
}

#[test]
fn answers() {
    let text = |reply: Reply| String::from_utf8(reply.body.into_owned()).unwrap();
    assert_eq!(text(replaced()), r#"{"code":200,"status":"OK"}"#);
    assert_eq!(
        text(list([("7", "products")])),
        r#"{"code":200,"results":[{"id":"7","name":"products"}],"status":"OK"}"#
    );
}
