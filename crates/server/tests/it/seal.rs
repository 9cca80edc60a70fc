//! Nobody is named: what clients send of people in clear is in no file that the server writes.

use crate::support::{Needles, TestServer, now_ms};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// People planted; each leaves a name, an address, a number, an id and a key, through many doors.
const PEOPLE: usize = 1000;

/// How long the vault may take to take in everything that was sealed.
const INTAKE_LIMIT: Duration = Duration::from_secs(60);

struct Planted {
    name: String,
    email: String,
    phone: String,
    id: String,
    key: String,
}

fn planted(number: usize) -> Planted {
    // Letters that stand in no other text of the test, so that a hit is a leak.
    let letters: String = (0..5)
        .map(|place| char::from(b'a' + u8::try_from((number / 26usize.pow(place)) % 26).unwrap()))
        .collect();
    Planted {
        name: format!("Quibble{letters} Vornskr{letters}"),
        email: format!("quibble.{letters}@planted-{number}.example"),
        phone: format!("+1 415 {:03} {:04}", 200 + number / 10_000, number % 10_000),
        id: format!("usr-planted-{number:06}"),
        key: format!("sk_live_{letters}Zq{number:06}Xw9rT4mK7pL2v"),
    }
}

/// Everything that must not be found.
fn all_texts(people: &[Planted]) -> Vec<String> {
    people
        .iter()
        .flat_map(|person| {
            let digits: String = person.phone.chars().filter(char::is_ascii_digit).collect();
            [
                person.name.clone(),
                person.email.clone(),
                person.phone.clone(),
                digits,
                person.id.clone(),
                person.key.clone(),
            ]
        })
        .collect()
}

/// An event with the person in every place that an event has.
fn event(token: &str, person: &Planted, number: usize, time: i64) -> Value {
    let Planted { name, email, phone, id, key } = person;
    json!({
        "event": if number.is_multiple_of(50) { format!("Wrote to {email}") } else { "Visited".to_owned() },
        "properties": {
            "token": token, "time": time, "distinct_id": if number.is_multiple_of(3) { email } else { id },
            "$insert_id": format!("{number:032x}"), "$user_id": id, "$device_id": format!("device-of-{id}"),
            "$email": email, "$name": name, "phone": phone, "api_key": key,
            "customer": {"full_name": name, "contacts": [{"mail": email}, {"mobile": phone}], "tags": ["a", key]},
            "message": format!("please call {phone} or write to {email}, the key is {key}."),
            "$current_url": format!("https://shop.example/users/{id}/orders?email={email}&plan=pro&token={key}#{email}"),
            "$referrer": format!("https://mail.example/inbox?from={}", email.replace('@', "%40")),
            "encoded": STANDARD.encode(email),
            (format!("note about {email}")): 1,
            "plan": "pro", "amount": 12.5,
        },
    })
}

fn update(token: &str, person: &Planted, operator: &str) -> Value {
    let Planted { name, email, phone, id, key } = person;
    let fields = match operator {
        "$append" | "$remove" => json!({"$email": email, "phones": phone, "keys": key}),
        "$union" => json!({"emails": [email], "names": [name]}),
        "$unset" => json!([format!("about {email}")]),
        _ => {
            json!({"$email": email, "$name": name, "$phone": phone, "api_secret": key, "bio": format!("I am at {email}")})
        }
    };
    json!({"$token": token, "$distinct_id": id, operator: fields})
}

fn form(data: &Value) -> String {
    let encoded = STANDARD.encode(data.to_string());
    format!("data={}&verbose=1", encoded.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"))
}

/// Sends all people through all doors.
fn plant(server: &TestServer, people: &[Planted]) {
    const FORM: &str = "application/x-www-form-urlencoded";
    let (client, owner, token) = (server.anyone(), server.owner(), server.token());
    let recent = now_ms();
    for (chunk, group) in people.chunks(50).enumerate() {
        let events: Vec<Value> = group
            .iter()
            .enumerate()
            .map(|(at, person)| event(token, person, chunk * 50 + at, recent))
            .collect();
        let events = json!(events);
        for answer in [
            client.post("/track/?ip=1", FORM, form(&events)),
            client.post("/track", "application/json", events.to_string()),
            client.post("/track", "text/plain;charset=UTF-8", form(&events)),
        ] {
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        let old: Vec<Value> = group
            .iter()
            .enumerate()
            .map(|(at, person)| event(token, person, chunk * 50 + at + 500_000, 1_136_214_245_000))
            .collect();
        let answer = owner.post_json("/import?strict=1", &json!(old));
        assert_eq!(answer.status, 200, "{}", answer.text());
        for operator in ["$set", "$set_once", "$append", "$union", "$remove", "$unset"] {
            let updates: Vec<Value> = group.iter().map(|person| update(token, person, operator)).collect();
            let answer = client.post("/engage?verbose=1", FORM, form(&json!(updates)));
            assert_eq!(answer.json()["status"], 1, "{}", answer.text());
        }
        let groups: Vec<Value> = group
            .iter()
            .map(|person| {
                json!({"$token": token, "$group_key": "company", "$group_id": person.email,
                    "$set": {"owner_email": person.email, "owner name": person.name, "support": person.phone}})
            })
            .collect();
        let answer = client.post("/groups?verbose=1", FORM, form(&json!(groups)));
        assert_eq!(answer.json()["status"], 1, "{}", answer.text());
    }
    let single = event(token, &people[0], 900_000, recent);
    let encoded = STANDARD.encode(single.to_string()).replace('+', "%2B").replace('/', "%2F");
    assert_eq!(client.get(&format!("/track?ip=1&data={encoded}")).text(), "1");
    let project = server.project_id().to_string();
    let made = server.command(&[
        "lookup-table",
        "create",
        "--project",
        &project,
        "--id",
        "people",
        "--name",
        "People",
    ]);
    assert!(made.status.success());
    let mut table = String::from("row,name,email,note\n");
    for (number, person) in people.iter().enumerate() {
        table.push_str(&format!("{number},{},{},key {}\n", person.name, person.email, person.key));
    }
    let put = owner.send("PUT", "/lookup-tables/people", &[("content-type", "text/csv")], table.as_bytes());
    assert_eq!(put.status, 200, "{}", put.text());
    for path in ["/flags/?context=", "/decide/?distinct_id=", "/settings/?distinct_id="] {
        assert_eq!(client.get(&format!("{path}{}", people[0].email.replace('@', "%40"))).status, 200);
    }
    assert_eq!(
        client.post("/record/?distinct_id=x", "application/octet-stream", people[0].email.as_bytes()).status,
        200
    );
}

#[test]
fn planted_people_are_in_no_file() {
    let people: Vec<Planted> = (0..PEOPLE).map(planted).collect();
    let mut server = TestServer::start();
    plant(&server, &people);

    // Reads leave traces too: a question that names somebody, an export, a report that fails.
    let (reader, who) = (server.reader(), &people[1]);
    let mail = who.email.replace('@', "%40");
    reader.get(&format!("/api/2.0/engage?distinct_id={mail}"));
    reader.get(&format!("/api/2.0/engage?where=properties%5B%22%24email%22%5D%3D%3D%22{mail}%22"));
    reader.get(&format!(
        "/api/2.0/stream/query?distinct_ids=%5B%22{mail}%22%5D&from_date=2006-01-01&to_date=2006-01-03"
    ));
    reader.get(&format!("/api/2.0/export?from_date=2006-01-01&to_date=2006-01-03&where=%22{mail}%22+in+properties%5B%22x%22%5D"));
    reader.get(&format!("/api/2.0/segmentation?event={mail}&from_date=2006-01-01&to_date=2006-01-03"));
    reader.get(&format!("/api/2.0/nonsense?distinct_id={mail}"));

    let needles = Needles::new(&all_texts(&people));
    let mut found = Vec::new();
    needles.search_bytes("log", server.log().as_bytes(), &mut found);
    let export = reader.get("/api/2.0/export?from_date=2005-12-31&to_date=2006-01-03");
    assert_eq!(export.status, 200);
    assert_eq!(export.text().lines().count(), PEOPLE, "every event counts, with placeholders");
    assert!(export.text().contains("[email]") && export.text().contains("\"plan\":\"pro\""));
    needles.search_bytes("export", &export.body, &mut found);

    server.kill();
    server.restart();
    needles.search_bytes("log after kill -9", server.log().as_bytes(), &mut found);
    wait_for_intake(&server);
    server.stop();
    let (files, in_files) = needles.search(&server.data_dir());
    found.extend(in_files);
    assert!(files > 5, "the server wrote files");
    assert!(found.is_empty(), "{} leaks, such as:\n{}", found.len(), found[..found.len().min(20)].join("\n"));
}

/// Until an identified reader sees the last person's name.
fn wait_for_intake(server: &TestServer) {
    let account = server.service_account("identified");
    let last = planted(PEOPLE - 1);
    let deadline = Instant::now() + INTAKE_LIMIT;
    loop {
        let answer =
            server.client_of(&account).get(&format!("/api/2.0/engage?distinct_id={}", last.id)).json();
        if answer["results"][0]["$properties"]["$name"] == last.name {
            return;
        }
        assert!(Instant::now() < deadline, "the vault did not take everything in: {answer}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn what_was_sealed_comes_back_to_an_identified_reader_with_a_leaf_for_it() {
    let server = TestServer::start();
    let person = planted(7);
    let updates = json!([
        update(server.token(), &person, "$set"),
        json!({"$token": server.token(), "$distinct_id": person.id, "$set_once": {"$email": "later@example.com"}}),
    ]);
    assert_eq!(server.anyone().post_json("/engage", &updates).text(), "1");
    let account = server.service_account("identified");
    let client = server.client_of(&account);
    let deadline = Instant::now() + INTAKE_LIMIT;
    let profile = loop {
        let answer = client.get(&format!("/api/2.0/engage?distinct_id={}", person.id)).json();
        if answer["results"][0]["$properties"]["$email"] == person.email || Instant::now() > deadline {
            break answer["results"][0].clone();
        }
    };
    assert_eq!(profile["$distinct_id"], person.id);
    assert_eq!(profile["$properties"]["$email"], person.email, "$set_once changes nothing that is set");
    assert_eq!(profile["$properties"]["$name"], person.name);
    assert!(profile["$properties"]["api_secret"] != person.key, "a secret is gone for good");
    let pseudonymous = server.reader().get(&format!("/api/2.0/engage?distinct_id={}", person.id)).json();
    assert_eq!(pseudonymous["results"][0]["$properties"]["$email"], "[email]");
    assert!(pseudonymous["results"][0]["$distinct_id"].as_str().unwrap().starts_with("p_"));
}
