//! Names that say what their value is: the tables, and the rules by which they are read.
//!
//! A name is read as words (`billingEmail` is *billing email*). What it is about stands at its end
//! (*email*), whose it is before that (*billing*). So the rules are few:
//!
//! 1. Names of Mixpanel's own SDKs and server mean what they mean there ([`SDK`]).
//! 2. A name whose words ask or count (*is*, *has*, *count*, *type*, …) is about something, not it.
//! 3. Words that mean one thing wherever they end a name: *email*, *phone*, *ssn*, *password* …
//! 4. *name* and *id* mean what stands before them: *user name* and *customer id* are a person's,
//!    *product name* and *order id* a thing's. `name` alone is a person's: nothing in an event's other
//!    properties says otherwise, and a plan's name that is sealed is a smaller harm than a person's that
//!    is not. Inside of an object the object's name stands before them: `plan.name`, `user.name`.
//!
//! The table in `tests/reserved.rs` shows every decision.

use super::name::{Hints, Promise};
use super::words::{ABOUT, MODIFIER, NAME_PART, PERSON, PROPER, THING, TRAILER};
use domain::schema::{DataKind, Sensitivity};

/// What Mixpanel's SDKs and servers mean by a name, where the words would mislead.
fn sdk(name: &str) -> Option<Promise> {
    use DataKind::{Address, Email, Id, Name, Other, Phone};
    Some(match name {
        "distinct_id" | "$distinct_id" | "$device_id" | "$user_id" | "$insert_id" => Promise::Identity,
        "$email" => Promise::Reserved(Email),
        "$name" | "$first_name" | "$last_name" | "$username" => Promise::Reserved(Name),
        "$phone" => Promise::Reserved(Phone),
        "$avatar" => Promise::Reserved(Other),
        "$latitude" | "$longitude" => Promise::Reserved(Address),
        "$identified_id" | "$anon_id" | "$distinct_ids" | "alias" | "$alias" => Promise::Reserved(Id),
        "$current_url"
        | "$referrer"
        | "$initial_referrer"
        | "$referring_domain"
        | "$initial_referring_domain"
        | "current_domain"
        | "current_url_path"
        | "current_url_search"
        | "$pathname"
        | "$host"
        | "mp_page"
        | "mp_referrer"
        | "$mp_replay_start_url" => Promise::Url,
        // Narrow a person down without naming them, and are what reports are broken down by.
        "$city" | "$region" | "$country_code" | "mp_country_code" | "$timezone" | "$geo_source"
        | "$carrier" | "$device" | "$model" | "$brand" | "$manufacturer" | "$os" | "$browser"
        | "$search_engine" | "mp_lib" | "$radio" | "$event_name" | "mp_event_name" | "Experiment name"
        | "Variant name" | "$mp_api_endpoint" => Promise::Nothing(Hints::PROPER),
        "$browser_version"
        | "$os_version"
        | "$lib_version"
        | "$app_version_string"
        | "$app_build_number"
        | "$app_version"
        | "$app_release"
        | "$android_app_version"
        | "$ios_app_version"
        | "mp_sent_by_lib_version" => Promise::Nothing(Hints::VERSION),
        "$mp_replay_id" | "$experiment_id" | "$variant_id" | "$mp_event_id" | "$mp_session_id"
        | "$group_key" => Promise::Nothing(Hints::THING),
        "time"
        | "$time"
        | "$last_seen"
        | "$created"
        | "$mp_api_timestamp_ms"
        | "mp_processing_time_ms"
        | "$mp_first_event_time" => Promise::Nothing(Hints::TIME),
        // What an advertiser's click was: joined with the advertiser's books it names a person.
        "gclid" | "dclid" | "fbclid" | "msclkid" | "ttclid" | "twclid" | "wbraid" | "gbraid"
        | "li_fat_id" | "sccid" | "ko_click_id" | "_ga" | "_gid" | "_fbp" | "_fbc" => Promise::Reserved(Id),
        _ => return None,
    })
}

/// Names that are reserved as a whole, their words written as one.
fn whole(joined: &str) -> Option<DataKind> {
    use DataKind::{
        Address, ApiKey, BirthDate, Card, Email, Iban, Id, Ip, Name, NationalId, Other, Password, Phone,
        Token,
    };
    Some(match joined {
        "mail" | "mails" | "eml" | "mailto" | "gmail" | "emailid" | "mailid" | "replyto" => Email,
        "name" | "names" | "fname" | "lname" | "mname" | "firstname" | "lastname" | "surname"
        | "forename" | "givenname" | "familyname" | "fullname" | "middlename" | "nickname"
        | "displayname" | "realname" | "maidenname" | "username" | "usernames" | "login" | "loginname"
        | "screenname" | "handle" | "nick" | "alias" | "patronymic" | "cardholder" | "accountholder"
        | "holder" | "namesurname" | "invitee" | "inviter" | "attendee" | "patient" | "payee"
        | "beneficiary" | "nameoncard" | "signatory" | "uname" | "vorname" | "nachname" | "prenom"
        | "apellido" | "apellidos" | "nombre" | "cognome" | "nom" | "nama" => Name,
        "assignee" | "recipient" | "sender" | "owner" | "employee" | "contactperson" | "reportedby"
        | "createdby" | "updatedby" | "modifiedby" | "invitedby" | "assignedto" | "referredby"
        | "approvedby" | "requestedby" => Name,
        "mobile" | "cell" | "tel" | "telno" | "phoneno" | "cellphone" | "msisdn" | "whatsapp" | "fax"
        | "contactno" | "contactnumber" | "mobileno" | "mobilenumber" | "phonenumber" | "telephone"
        | "landline" | "handy" | "contact" | "callerid" | "calledid" | "viber" | "signalnumber" | "sms" => {
            Phone
        }
        "street" | "streetaddress" | "address" | "addr" | "addressline" | "zip" | "zipcode" | "postcode"
        | "postalcode" | "pincode" | "housenumber" | "houseno" | "apartment" | "apartmentnumber"
        | "aptno" | "fulladdress" | "homeaddress" | "lat" | "lng" | "latitude" | "longitude" | "latlng"
        | "latlong" | "lonlat" | "coordinates" | "coords" | "gps" | "geopoint" | "postaladdress" | "plz"
        | "geohash" => Address,
        "dob" | "birthdate" | "birthday" | "dateofbirth" | "bday" | "birthdt" | "borndate" | "bornon" => {
            BirthDate
        }
        "user" | "users" | "uid" | "userid" | "userids" | "customer" | "who" | "actor" | "member"
        | "memberid" | "personid" | "customerid" | "clientid" | "profileid" | "visitorid" | "anonymousid"
        | "anonid" | "distinctid" | "deviceid" | "idfa" | "idfv" | "gaid" | "adid" | "aaid" | "oaid"
        | "advertisingid" | "imei" | "imsi" | "meid" | "iccid" | "udid" | "macaddress" | "mac"
        | "serialnumber" | "accountnumber" | "accountno" | "acctno" | "externalid" | "externaluserid"
        | "loginid" | "employeeid" | "contactid" | "leadid" | "subscriberid" | "identifier" | "useruuid"
        | "userguid" | "puid" | "guid" | "muid" | "fingerprint" | "visitor" | "devicefingerprint"
        | "browserfingerprint" | "licenseplate" | "plate" | "platenumber" | "vin" | "sortcode"
        | "routingnumber" | "walletaddress" | "wallet" => Id,
        "ssn"
        | "socialsecurity"
        | "socialsecuritynumber"
        | "sin"
        | "nino"
        | "nationalid"
        | "nationalinsurance"
        | "nationalinsurancenumber"
        | "nationalidnumber"
        | "nationalidentity"
        | "passport"
        | "passportnumber"
        | "passportno"
        | "driverlicense"
        | "driverslicense"
        | "driverlicence"
        | "driverslicence"
        | "drivinglicence"
        | "drivinglicense"
        | "driverlicensenumber"
        | "driverslicensenumber"
        | "taxid"
        | "taxnumber"
        | "taxpayerid"
        | "cnp"
        | "dni"
        | "nie"
        | "nif"
        | "cpf"
        | "curp"
        | "aadhaar"
        | "aadhar"
        | "aadhaarnumber"
        | "pesel"
        | "nid"
        | "bsn"
        | "tckn"
        | "tckimlikno"
        | "nik"
        | "ktp"
        | "emiratesid"
        | "iqama"
        | "idcard"
        | "idcardnumber"
        | "idnumber"
        | "identitynumber"
        | "identitycard"
        | "personnummer"
        | "codicefiscale"
        | "steuerid"
        | "insee"
        | "nir"
        | "medicalrecordnumber"
        | "mrn"
        | "nhsnumber"
        | "visanumber"
        | "voterid"
        | "governmentid"
        | "pannumber"
        | "itin" => NationalId,
        "ip" | "ips" | "ipaddress" | "ipaddr" | "ipv" | "clientip" | "remoteip" | "remoteaddr" | "userip"
        | "sourceip" | "xforwardedfor" | "forwardedfor" | "xrealip" | "realip" | "lastip" | "loginip" => Ip,
        "password" | "passwd" | "passwords" | "pwd" | "passphrase" | "passcode" | "pin" | "otp" | "totp"
        | "onetimecode" | "onetimepassword" | "cvv" | "cvc" | "csc" | "securitycode" | "verificationcode"
        | "smscode" | "pincodehash" | "securityanswer" | "secretanswer" | "mothersmaidenname"
        | "recoverycode" | "recoverycodes" | "backupcode" | "backupcodes" | "mfacode" | "credentials"
        | "credential" | "seedphrase" | "mnemonic" => Password,
        "secret" | "secrets" | "token" | "jwt" | "bearer" | "authorization" | "cookie" | "cookies"
        | "setcookie" | "csrf" | "csrftoken" | "xsrf" | "xsrftoken" | "sid" | "phpsessid" | "jsessionid"
        | "nonce" | "saml" | "samlresponse" | "assertion" | "idtoken" | "sessiontoken" | "sessionkey"
        | "sessioncookie" | "authcode" | "oauthcode" | "signature" | "sig" | "magiclink" => Token,
        "apikey" | "apikeys" | "apisecret" | "apitoken" | "secretkey" | "privatekey" | "accesskey"
        | "accesskeyid" | "accesstoken" | "refreshtoken" | "clientsecret" | "appsecret" | "encryptionkey"
        | "signingkey" | "masterkey" | "sshkey" | "pgpkey" | "awsaccesskeyid" | "awssecretaccesskey"
        | "secretaccesskey" | "licensekey" | "activationkey" | "webhooksecret" | "connectionstring"
        | "dsn" | "authkey" | "xapikey" => ApiKey,
        "card" | "cardnumber" | "cardno" | "ccnumber" | "ccnum" | "ccno" | "creditcard"
        | "creditcardnumber" | "debitcard" | "debitcardnumber" | "pan" | "cc" | "paymentcard" => Card,
        "iban" | "bankaccount" | "bankaccountnumber" | "ibannumber" => Iban,
        "avatar" | "avatarurl" | "photo" | "photos" | "photourl" | "selfie" | "profilepicture"
        | "profilephoto" | "profileimage" | "profilepic" | "headshot" | "faceid" | "bio" | "biography"
        | "aboutme" | "comment" | "comments" | "feedback" | "freetext" | "freeform" | "note" | "notes"
        | "messagebody" | "messagetext" | "chatmessage" | "transcript" | "complaint" | "signatureimage"
        | "emailbody" | "smsbody" | "smstext" | "openanswer" => Other,
        _ => return None,
    })
}

/// What the last words of a name say, whatever stands before them.
fn ending(words: &[&str]) -> Option<DataKind> {
    use DataKind::{
        Address, ApiKey, BirthDate, Card, Email, Iban, Id, Ip, Name, NationalId, Other, Password, Phone,
        Token,
    };
    let last = *words.last()?;
    let two = if words.len() > 1 { words[words.len() - 2] } else { "" };
    Some(match (two, last) {
        (
            "email" | "mail",
            "address" | "addresses" | "addr" | "id" | "hash" | "md5" | "sha" | "sha1" | "sha256",
        ) => Email,
        ("hashed" | "encrypted", "email" | "mail") => Email,
        (_, "email" | "emails" | "emailaddress") => Email,
        ("ip", "address" | "addr" | "addresses") | (_, "ip" | "ipaddress" | "ipaddr") => Ip,
        ("mac", "address") | ("wallet", "address") => Id,
        ("web" | "site" | "page" | "contract" | "memory" | "server", "address") => return None,
        (_, "address" | "addr" | "street" | "zipcode" | "postcode") => Address,
        ("address" | "street", "line") | ("postal" | "zip" | "post", "code") => Address,
        (
            "phone" | "mobile" | "tel" | "telephone" | "cell" | "contact" | "whatsapp" | "fax",
            "number" | "no" | "num" | "nr",
        ) => Phone,
        (
            _,
            "phone" | "phones" | "telephone" | "msisdn" | "cellphone" | "phonenumber" | "fax" | "whatsapp",
        ) => Phone,
        ("birth", "date" | "day") | (_, "dob" | "birthdate" | "birthday") => BirthDate,
        ("of", "birth") => BirthDate,
        (_, "firstname" | "lastname" | "fullname" | "surname" | "nickname" | "username" | "displayname") => {
            Name
        }
        ("card" | "cc", "number" | "no" | "num") | ("credit" | "debit", "card") => Card,
        ("bank", "account") | ("account", "number") | (_, "iban") => Iban,
        ("social", "security") | ("security", "number") | ("passport", "number" | "no") => NationalId,
        (_, "ssn" | "passport" | "nino" | "aadhaar" | "cnp") => NationalId,
        ("national" | "tax" | "government" | "identity", "id" | "number") => NationalId,
        ("driver" | "drivers" | "driving", "license" | "licence") | ("license", "plate") => NationalId,
        (
            "api" | "secret" | "private" | "access" | "encryption" | "signing" | "master" | "ssh",
            "key" | "keys",
        ) => ApiKey,
        ("api" | "access" | "refresh", "token" | "tokens" | "secret") | (_, "apikey") => ApiKey,
        (_, "password" | "passwd" | "pwd" | "passphrase" | "passcode" | "otp" | "cvv" | "cvc") => Password,
        (_, "secret" | "secrets" | "token" | "jwt" | "cookie" | "authorization" | "csrf") => Token,
        ("session", "key") => Token,
        (_, "avatar" | "selfie") => Other,
        ("profile" | "user", "photo" | "picture" | "image" | "pic") => Other,
        ("message" | "email" | "chat", "body" | "text")
        | ("user", "message" | "comment" | "feedback" | "note" | "notes") => Other,
        _ => return None,
    })
}

pub(super) fn decide(name: &str, words: &[String], parent: Option<&[String]>) -> Promise {
    if let Some(promise) = sdk(name) {
        // Deeper than the top of an event nobody takes the ids out but us.
        return match (promise, parent) {
            (Promise::Identity, Some(_)) => Promise::Reserved(DataKind::Id),
            _ => promise,
        };
    }
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    while words.len() > 1 && MODIFIER.contains(words[0]) && whole(&words.concat()).is_none() {
        words.remove(0);
    }
    if words.is_empty() {
        return Promise::Nothing(Hints::NONE);
    }
    let joined = words.concat();
    if let Some(kind) = in_parent(&joined, parent).unwrap_or_else(|| whole(&joined)) {
        return Promise::Reserved(kind);
    }
    if is_url(&words, &joined) {
        return Promise::Url;
    }
    // `reset_token` and `opt_in_secret` open something, whatever the words before that say.
    let opens = ending(&words).filter(|kind| kind.sensitivity() == Sensitivity::Secret);
    if let Some(kind) = opens {
        return Promise::Reserved(kind);
    }
    if !words.iter().any(|word| ABOUT.contains(word)) {
        if let Some(kind) = ending(&words).or_else(|| of_a_person(&words)) {
            return Promise::Reserved(kind);
        }
        if words.len() > 1 && TRAILER.contains(words[words.len() - 1]) {
            let shorter = &words[..words.len() - 1];
            if let Some(kind) =
                whole(&shorter.concat()).or_else(|| ending(shorter)).or_else(|| of_a_person(shorter))
            {
                return Promise::Reserved(kind);
            }
        }
    }
    Promise::Nothing(hints(&words, &joined))
}

/// Inside of an object the object's name says whose `name`, `id`, … it is. `None`: the parent says nothing.
fn in_parent(joined: &str, parent: Option<&[String]>) -> Option<Option<DataKind>> {
    let parent = parent?;
    let about = parent.last()?.as_str();
    let person =
        PERSON.contains(about) && !matches!(about, "account" | "device" | "segment" | "partner" | "vendor");
    let thing = !person && (THING.contains(about) || THING.contains(singular(about).as_str()));
    match joined {
        "name" | "first" | "last" | "full" | "middle" | "nick" | "display" | "given" | "family" | "title"
            if about == "name" || about == "names" =>
        {
            Some(Some(DataKind::Name))
        }
        "name" if thing => Some(None),
        "id" | "key" | "ref" | "number" if person => Some(Some(DataKind::Id)),
        "id" | "uuid" | "guid" | "identifier" if thing => Some(None),
        _ => None,
    }
}

fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.trim_end_matches('s').to_owned(),
    }
}

/// *name* and *id* with a person before them.
fn of_a_person(words: &[&str]) -> Option<DataKind> {
    let (&last, before) = words.split_last()?;
    let &whose = before.last()?;
    match last {
        "name" | "names" | "login" => {
            let part = NAME_PART.contains(whose) || whose == "on" && before.contains(&"card");
            let person = PERSON.contains(whose)
                && !matches!(
                    whose,
                    "account" | "segment" | "device" | "ad" | "host" | "line" | "vendor" | "agent"
                );
            (part || person).then_some(DataKind::Name)
        }
        "id" | "ids" | "uid" | "uuid" | "guid" | "identifier" | "number" | "no" | "ref" | "reference"
        | "handle" | "key" => {
            let key = last == "key";
            let person = PERSON.contains(whose)
                && !matches!(
                    whose,
                    "account"
                        | "segment"
                        | "ad"
                        | "line"
                        | "parent"
                        | "vendor"
                        | "agent"
                        | "partner"
                        | "host"
                        | "shipping"
                        | "billing"
                        | "stripe"
                        | "tenant"
                );
            (person && !key).then_some(DataKind::Id)
        }
        "email" | "phone" => None,
        _ => None,
    }
}

fn is_url(words: &[&str], joined: &str) -> bool {
    let last = words[words.len() - 1];
    matches!(
        joined,
        "url"
            | "uri"
            | "href"
            | "link"
            | "referrer"
            | "referer"
            | "referringdomain"
            | "referrerdomain"
            | "page"
            | "path"
            | "pathname"
            | "pageurl"
            | "pagepath"
            | "landingpage"
            | "querystring"
            | "search"
            | "location"
            | "website"
            | "webpage"
            | "origin"
            | "elhref"
            | "elattrhref"
    ) && !matches!(joined, "search" | "page" | "location" | "origin")
        || matches!(last, "url" | "urls" | "uri" | "href" | "referrer" | "referer" | "pathname" | "deeplink")
        || last == "link" && words.len() > 1
}

fn hints(words: &[&str], joined: &str) -> Hints {
    let last = words[words.len() - 1];
    let mut hints = Hints::NONE;
    if words.iter().any(|word| {
        matches!(*word, "version" | "ver" | "build" | "release" | "firmware" | "sdk" | "revision" | "agent")
    }) {
        hints = hints.with(Hints::VERSION);
    }
    if matches!(
        last,
        "time"
            | "timestamp"
            | "ts"
            | "date"
            | "datetime"
            | "at"
            | "created"
            | "updated"
            | "expires"
            | "ms"
            | "millis"
            | "epoch"
            | "seen"
            | "on"
            | "start"
            | "end"
            | "day"
    ) {
        hints = hints.with(Hints::TIME);
    }
    let of_thing = words.len() > 1
        && matches!(
            last,
            "id" | "ids"
                | "uuid"
                | "guid"
                | "number"
                | "no"
                | "code"
                | "key"
                | "ref"
                | "reference"
                | "identifier"
                | "hash"
                | "sku"
                | "slug"
        );
    let code = words.iter().any(|word| {
        matches!(
            *word,
            "sku"
                | "isbn"
                | "ean"
                | "upc"
                | "gtin"
                | "asin"
                | "barcode"
                | "commit"
                | "sha"
                | "revision"
                | "etag"
                | "checksum"
                | "hash"
                | "digest"
                | "md5"
                | "sha1"
                | "sha256"
                | "tracking"
                | "traceparent"
                | "fingerprint"
                | "build"
                | "release"
                | "class"
                | "classes"
                | "classname"
                | "selector"
                | "chunk"
                | "filename"
                | "asset"
        )
    });
    if of_thing || code {
        hints = hints.with(Hints::THING);
    }
    if words.iter().any(|word| PROPER.contains(word)) {
        hints = hints.with(Hints::PROPER);
    }
    if matches!(
        joined,
        "id" | "ids" | "uuid" | "guid" | "key" | "ref" | "identifier" | "pk" | "oid" | "reference"
    ) {
        hints = hints.with(Hints::BARE_ID);
    }
    hints
}
