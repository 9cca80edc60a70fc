//! Every decision over names.

use crate::classify::name::{Hints, Promise, promise, words};
use domain::schema::DataKind;

#[test]
fn names_are_read_as_words() {
    for (name, expected) in [
        ("billing_email", "billing email"),
        ("billingEmail2", "billing email"),
        ("Billing E-Mail (2)", "billing email"),
        ("userIDNumber", "user id number"),
        ("$initial_referrer", "initial referrer"),
        ("customer.first-name", "customer first name"),
        ("IPAddress", "ip address"),
        ("", ""),
    ] {
        assert_eq!(words(name).join(" "), expected, "{name}");
    }
}

#[test]
fn reserved_names() {
    let table: &[(DataKind, &[&str])] = &[
        (
            DataKind::Email,
            &[
                "$email",
                "email",
                "Email",
                "e-mail",
                "E-Mail",
                "e_mail",
                "mail",
                "emailAddress",
                "email_address",
                "user_email",
                "userEmail",
                "billing_email",
                "work email",
                "contact_email_2",
                "initial_email",
                "email_hash",
                "hashed_email",
                "emails",
                "recipient_emails",
                "email_value",
                "replyTo",
            ],
        ),
        (
            DataKind::Name,
            &[
                "$name",
                "$first_name",
                "$last_name",
                "$username",
                "name",
                "Name",
                "first_name",
                "firstName",
                "last name",
                "fullName",
                "middle_name",
                "nickname",
                "display_name",
                "surname",
                "username",
                "user_name",
                "login",
                "customer name",
                "owner_name",
                "account holder",
                "card_holder_name",
                "contact_name",
                "recipientName",
                "driver name",
                "given_name",
                "name_on_card",
                "assignee",
                "created_by",
                "my_name",
            ],
        ),
        (
            DataKind::Phone,
            &[
                "$phone",
                "phone",
                "phone_number",
                "phoneNumber",
                "mobile",
                "mobile_no",
                "tel",
                "telephone",
                "cell phone",
                "work_phone",
                "contact_number",
                "whatsapp",
                "msisdn",
                "fax",
                "customer_phone",
                "home_phone_number",
            ],
        ),
        (
            DataKind::Address,
            &[
                "address",
                "street",
                "street_address",
                "address_line_1",
                "address2",
                "shipping_address",
                "billingAddress",
                "home address",
                "zip",
                "zip_code",
                "postcode",
                "postal_code",
                "latitude",
                "lng",
                "$latitude",
                "user_street",
            ],
        ),
        (
            DataKind::BirthDate,
            &["dob", "birth_date", "birthday", "date_of_birth", "dateOfBirth", "user_birthday"],
        ),
        (
            DataKind::Id,
            &[
                "user_id",
                "userId",
                "uid",
                "UID",
                "customer_id",
                "customerID",
                "member id",
                "account_number",
                "employee_id",
                "patient_id",
                "external_id",
                "device_id",
                "idfa",
                "imei",
                "mac_address",
                "anonymous_id",
                "user_uuid",
                "contact_ids",
                "user",
                "client_id",
                "gclid",
                "fbclid",
                "$identified_id",
                "$anon_id",
                "alias",
                "stripe_customer_id",
                "mixpanel_distinct_id",
            ],
        ),
        (
            DataKind::NationalId,
            &[
                "ssn",
                "SSN",
                "social_security_number",
                "national_id",
                "passport",
                "passport_number",
                "passportNo",
                "driver_license",
                "tax_id",
                "cnp",
                "dni",
                "aadhaar_number",
                "nid",
                "user_ssn",
                "id_number",
            ],
        ),
        (
            DataKind::Ip,
            &["ip", "IP", "ip_address", "client_ip", "remoteIp", "user_ip_address", "x-forwarded-for"],
        ),
        (
            DataKind::Password,
            &[
                "password",
                "Password",
                "passwd",
                "pwd",
                "user_password",
                "new_password",
                "pin",
                "otp",
                "cvv",
                "passphrase",
                "current_password",
            ],
        ),
        (
            DataKind::Token,
            &[
                "secret",
                "token",
                "auth_token",
                "session_token",
                "csrf_token",
                "cookie",
                "Authorization",
                "jwt",
                "reset_token",
            ],
        ),
        (
            DataKind::ApiKey,
            &[
                "api_key",
                "apiKey",
                "API Key",
                "access_token",
                "refresh_token",
                "client_secret",
                "secret_key",
                "private_key",
                "stripe_api_key",
                "aws_secret_access_key",
            ],
        ),
        (DataKind::Card, &["card_number", "cardNumber", "cc_number", "credit_card", "pan", "card"]),
        (DataKind::Iban, &["iban", "bank_account", "user_iban"]),
        (
            DataKind::Other,
            &[
                "$avatar",
                "avatar",
                "avatar_url",
                "photo",
                "profile_picture",
                "selfie",
                "bio",
                "comment",
                "feedback",
                "notes",
                "message_body",
            ],
        ),
    ];
    for (kind, names) in table {
        for name in *names {
            assert_eq!(promise(name, None), Promise::Reserved(*kind), "{name}");
        }
    }
}

#[test]
fn names_that_promise_nothing() {
    for name in [
        "event_name",
        "page_name",
        "product_name",
        "productName",
        "plan name",
        "plan",
        "experiment name",
        "Experiment name",
        "Variant name",
        "mp_country_code",
        "$browser",
        "$os",
        "$device",
        "$model",
        "$city",
        "$region",
        "$country_code",
        "city",
        "country",
        "company",
        "company_name",
        "organization",
        "team_name",
        "project_name",
        "file_name",
        "campaign_name",
        "feature_name",
        "screen_name_viewed",
        "host_name",
        "has_email",
        "email_verified",
        "email_type",
        "email_count",
        "is_mobile",
        "phone_type",
        "phone_verified",
        "total_tokens",
        "max_tokens",
        "token_count",
        "tokens_used",
        "password_strength",
        "login_method",
        "signup_source",
        "price",
        "amount",
        "quantity",
        "currency",
        "color",
        "age",
        "gender",
        "title",
        "button_text",
        "error_message",
        "status",
        "utm_source",
        "utm_campaign",
        "mp_lib",
        "address_changed",
        "card_brand",
        "card_type",
        "card_last4",
        "name_length",
        "user_type",
        "user_role",
        "user_plan",
        "user_count",
        "customer_segment",
        "account_type",
        "account_id",
        "account_name",
        "segment_name",
        "language",
        "timezone",
        "ip_version",
        "mail_provider",
        "notes_count",
        "comment_count",
        "subscription_tier",
        "host",
        "search",
        "query",
        "ad_name",
    ] {
        assert!(matches!(promise(name, None), Promise::Nothing(_)), "{name}: {:?}", promise(name, None));
    }
}

#[test]
fn names_of_urls() {
    for name in [
        "$current_url",
        "$referrer",
        "$initial_referrer",
        "$referring_domain",
        "current_url_search",
        "current_url_path",
        "$pathname",
        "url",
        "page_url",
        "landingPage",
        "href",
        "document_referrer",
        "redirect_uri",
        "previous_url",
        "deep_link",
        "image_url",
        "$host",
    ] {
        assert_eq!(promise(name, None), Promise::Url, "{name}");
    }
}

#[test]
fn the_identity_steps_own() {
    for name in ["distinct_id", "$distinct_id", "$device_id", "$user_id", "$insert_id"] {
        assert_eq!(promise(name, None), Promise::Identity, "{name}");
        assert_eq!(promise(name, Some("account")), Promise::Reserved(DataKind::Id), "{name}, deeper");
    }
}

#[test]
fn an_object_says_whose_name_and_id_it_holds() {
    for parent in ["user", "customer", "owner", "billing_contact", "members", "author"] {
        assert_eq!(promise("name", Some(parent)), Promise::Reserved(DataKind::Name), "{parent}.name");
        assert_eq!(promise("id", Some(parent)), Promise::Reserved(DataKind::Id), "{parent}.id");
    }
    for parent in
        ["product", "items", "plan", "experiment", "campaign", "company", "categories", "cart_items"]
    {
        assert!(matches!(promise("name", Some(parent)), Promise::Nothing(_)), "{parent}.name");
        assert!(matches!(promise("id", Some(parent)), Promise::Nothing(_)), "{parent}.id");
    }
    assert_eq!(promise("first", Some("name")), Promise::Reserved(DataKind::Name));
    assert_eq!(promise("name", Some("whatever")), Promise::Reserved(DataKind::Name));
}

#[test]
fn what_a_name_says_not_to_look_for() {
    let hints = |name| match promise(name, None) {
        Promise::Nothing(hints) => hints,
        other => panic!("{name}: {other:?}"),
    };
    for name in [
        "$app_version_string",
        "app_version",
        "$os_version",
        "$lib_version",
        "firmware",
        "user_agent",
        "build",
    ] {
        assert!(hints(name).has(Hints::VERSION), "{name}");
    }
    for name in [
        "order_id",
        "session_id",
        "trace_id",
        "sku",
        "commit",
        "transaction_id",
        "tracking_number",
        "account_id",
    ] {
        assert!(hints(name).has(Hints::THING), "{name}");
    }
    for name in ["created_at", "timestamp", "time", "$last_seen", "start_date"] {
        assert!(hints(name).has(Hints::TIME), "{name}");
    }
    for name in ["id", "uuid", "key", "ref"] {
        assert!(hints(name).has(Hints::BARE_ID), "{name}");
    }
}
