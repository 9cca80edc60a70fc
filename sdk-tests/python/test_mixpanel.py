"""The official Python SDK, unchanged, against a real server."""

import datetime

import pytest
from conftest import eventually
from mixpanel import Consumer, Mixpanel, MixpanelException, ServiceAccountCredentials
from mixpanel.flags.types import FallbackReason, LocalFlagsConfig, RemoteFlagsConfig, SelectedVariant

NOW = int(datetime.datetime.now(datetime.timezone.utc).timestamp())


def named(server, name):
    return [event["properties"] for event in server.exported() if event["event"] == name]


def test_track_is_exported_with_everything_that_was_sent(server, sdk):
    sdk.track("ada", "Order placed", {"plan": "pro", "amount": 12.5, "items": ["a", "b"], "first": True, "🎉": "naïve"})
    # The vault takes in what was sealed a moment after the answer; until then there is no clear id.
    assert eventually(lambda: [properties["distinct_id"] for properties in named(server, "Order placed")] == ["ada"])
    (properties,) = named(server, "Order placed")
    assert properties["plan"] == "pro"
    assert properties["amount"] == 12.5
    assert properties["items"] == ["a", "b"]
    assert properties["first"] is True
    assert properties["🎉"] == "naïve"
    assert properties["mp_lib"] == "python"
    assert abs(properties["time"] - NOW) < 300
    assert len(properties["$insert_id"]) == 32
    assert "token" not in properties


def test_buffered_consumer_sends_batches(server, buffered):
    sdk = Mixpanel(server.project["token"], consumer=buffered)
    for number in range(120):
        sdk.track(f"person-{number}", "Bulk", {"number": number})
    buffered.flush()
    assert sorted(properties["number"] for properties in named(server, "Bulk")) == list(range(120))


def test_an_unknown_token_is_answered_as_good_and_kept_nowhere(server):
    Mixpanel("0" * 32, consumer=Consumer(api_host=server.host)).track("x", "Nowhere")
    assert named(server, "Nowhere") == []


def test_a_missing_token_is_refused_with_the_vendors_words(server):
    with pytest.raises(MixpanelException, match="token, missing or empty"):
        Mixpanel("", consumer=Consumer(api_host=server.host)).track("x", "Tokenless")


def test_import_with_a_service_account(server):
    credentials = ServiceAccountCredentials(
        username=server.account["username"], secret=server.account["secret"], project_id=str(server.project["id"]))
    sdk = Mixpanel(server.project["token"], consumer=Consumer(api_host=server.host, credentials=credentials))
    sdk.import_data(None, "ada", "Imported", 1_136_214_245, {"old": True})
    (properties,) = named(server, "Imported")
    assert properties["time"] == 1_136_214_245
    assert properties["old"] is True


def test_import_with_the_projects_secret(server, sdk):
    sdk.import_data(None, "ada", "Imported by secret", 1_136_214_245, api_secret=server.project["secret"])
    assert len(named(server, "Imported by secret")) == 1


def test_import_with_wrong_credentials_is_refused(server, sdk):
    with pytest.raises(MixpanelException):
        sdk.import_data(None, "ada", "Forged", 1_136_214_245, api_secret="wrong")
    assert named(server, "Forged") == []


def test_people_operators(server, sdk):
    sdk.people_set("grace", {"plan": "team", "seats": 3, "tags": ["a"]})
    sdk.people_set_once("grace", {"plan": "ignored", "first_seen_by": "test"})
    sdk.people_increment("grace", {"seats": 2, "logins": 1})
    sdk.people_append("grace", {"tags": "b", "history": "x"})
    sdk.people_union("grace", {"tags": ["b", "c"]})
    sdk.people_remove("grace", {"tags": "a"})
    sdk.people_set("grace", {"gone": 1})
    sdk.people_unset("grace", ["gone"])
    sdk.people_track_charge("grace", 9.99)
    profile = server.profile("grace")
    assert profile["plan"] == "team"
    assert profile["first_seen_by"] == "test"
    assert profile["seats"] == 5
    assert profile["logins"] == 1
    assert profile["tags"] == ["b", "c"]
    assert profile["history"] == ["x"]
    assert "gone" not in profile
    assert profile["$transactions"][0]["$amount"] == 9.99
    sdk.people_clear_charges("grace")
    assert "$transactions" not in server.profile("grace")
    sdk.people_delete("grace")
    assert server.profile("grace") is None


def test_a_name_and_an_address_are_sealed_and_revealed_to_an_identified_reader_only(server, sdk):
    sdk.people_set("lin", {"$email": "lin@example.com", "$name": "Lin Example", "plan": "pro"})
    sdk.track("lin", "Wrote", {"to": "someone@example.org"})

    def revealed():
        profile = server.profile("lin")
        return profile if profile and profile.get("$email") == "lin@example.com" else None

    profile = eventually(revealed)
    assert profile and profile["$name"] == "Lin Example"
    account = server.command("service-account", "create", "--json", "--project", str(server.project["id"]),
                             "--name", "analyst", "--scope", "pseudonymous")["service_account"]
    identified, server.session.auth = server.session.auth, (account["username"], account["secret"])
    try:
        text = server.post("/api/2.0/engage", distinct_id="lin").text
        events = server.get("/api/2.0/export", from_date="2020-01-01", to_date="2029-12-31").text
    finally:
        server.session.auth = identified
    for clear in ("lin@example.com", "Lin Example", "someone@example.org", '"lin"'):
        assert clear not in text and clear not in events
    assert "[email]" in text and "[email]" in events


def test_groups(server, sdk):
    sdk.group_set("company", "acme", {"plan": "business", "employees": 40})
    sdk.group_set_once("company", "acme", {"plan": "ignored", "region": "north"})
    sdk.group_union("company", "acme", {"tags": ["x", "y"]})
    sdk.group_remove("company", "acme", {"tags": "x"})
    sdk.group_unset("company", "acme", ["employees"])
    results = server.post("/api/2.0/engage", data_group_id="company").json()["results"]
    (group,) = [result for result in results if result["$distinct_id"] == "acme"]
    properties = group["$properties"]
    assert properties["plan"] == "business" and properties["region"] == "north"
    assert properties["tags"] == ["y"] and "employees" not in properties
    sdk.group_delete("company", "acme")
    assert server.post("/api/2.0/engage", data_group_id="company").json()["total"] == 0


def test_segmentation_counts_what_was_tracked(server, sdk):
    for who in ("a", "a", "b"):
        sdk.track(who, "Counted", {"colour": "red" if who == "a" else "blue"})
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    total = server.get("/api/query/segmentation", event="Counted", from_date=day, to_date=day).json()
    assert sum(total["data"]["values"]["Counted"].values()) == 3
    unique = server.get("/api/query/segmentation", event="Counted", from_date=day, to_date=day, type="unique").json()
    assert sum(unique["data"]["values"]["Counted"].values()) == 2
    by_colour = server.get("/api/query/segmentation", event="Counted", from_date=day, to_date=day,
                           on='properties["colour"]').json()
    assert {name: sum(days.values()) for name, days in by_colour["data"]["values"].items()} == {"red": 2, "blue": 1}


def test_merge_has_no_effect_where_ids_are_simplified(server, sdk):
    for who in ("first", "second"):
        sdk.track(who, "Met")
    sdk.merge(None, "first", "second", api_secret=server.project["secret"])
    assert server.people("Met") == 2


def test_a_device_belongs_to_the_first_user_seen_with_it(server, sdk):
    device = {"$device_id": "device-1"}
    sdk.track("$device:device-1", "On a device", device)
    sdk.track("noor", "On a device", device | {"$user_id": "noor"})
    sdk.track("$device:device-1", "On a device", device)
    assert server.people("On a device") == 1
    assert eventually(lambda: {event["distinct_id"] for event in named(server, "On a device")} == {"noor"})


def test_merge_brings_two_ids_together(original):
    """`alias` is not here: in Python it goes to the vendor's own host whatever the app says."""
    sdk = Mixpanel(original.project["token"], consumer=Consumer(api_host=original.host))
    for who in ("visitor", "customer", "stranger"):
        sdk.track(who, "Seen")
    assert original.people("Seen") == 3
    sdk.merge(None, "visitor", "customer", api_secret=original.project["secret"])
    assert original.people("Seen") == 2
    sdk.track("customer", "Seen")
    assert original.people("Seen") == 2


@pytest.mark.parametrize("by", ["token", "service account"])
def test_flags_are_asked_for_and_there_are_none(server, by):
    account = ServiceAccountCredentials(
        username=server.account["username"], secret=server.account["secret"], project_id=str(server.project["id"]))
    credentials = account if by == "service account" else None
    with Mixpanel(
        server.project["token"], consumer=Consumer(api_host=server.host), credentials=credentials,
        local_flags_config=LocalFlagsConfig(api_host=server.host, enable_polling=False),
        remote_flags_config=RemoteFlagsConfig(api_host=server.host),
    ) as sdk:
        who = {"distinct_id": "ada"}
        as_before = SelectedVariant(variant_value="as before")
        variant = sdk.remote_flags.get_variant("new-checkout", as_before, who)
        assert variant.variant_value == "as before"
        assert variant.fallback_reason == FallbackReason.flag_not_found()
        assert sdk.remote_flags.get_all_variants(who) == {}
        sdk.local_flags.start_polling_for_definitions()
        assert sdk.local_flags.are_flags_ready()
        assert sdk.local_flags.get_variant("new-checkout", as_before, who).variant_value == "as before"
