"""The stand-in itself, over real HTTP: tokens, quotas, faults, what its front does, and Drive."""

from __future__ import annotations

import gzip
import http.client
import io
import threading
from collections.abc import Iterator

import openpyxl
import pytest
import requests

from tests.google import Fault, StandIn, drive
from tests.google.caller import Caller, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def google(clock: Clock) -> Iterator[StandIn]:
    with StandIn(clock=clock) as server:
        yield server
    assert server.broken == []


# Tokens ------------------------------------------------------------------------------------------------------------------------


def test_a_signed_request_brings_a_token_that_works(google: StandIn, caller: Caller) -> None:
    answer = caller.ask_token().json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3599)
    assert caller.get(f"/v4/spreadsheets/{google.add(title='Kế hoạch')}")["properties"]["title"] == "Kế hoạch"


def test_a_request_signed_with_another_key_is_refused(google: StandIn, caller: Caller) -> None:
    answer = caller.ask_token(signer=google.access.new_account("khac"))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})


@pytest.mark.parametrize(
    ("claims", "error", "said"),
    [
        ({"aud": "https://example.org/token"}, "invalid_grant", "audience"),
        ({"iss": "ai@example.org"}, "invalid_grant", "account not found"),
        ({"iat": 1_770_000_600, "exp": 1_770_004_200}, "invalid_grant", "short-lived"),
        ({"iat": 1_769_990_000, "exp": 1_769_993_600}, "invalid_grant", "short-lived"),
        ({"exp": 1_770_000_000 + 7200}, "invalid_grant", "short-lived"),
        ({"exp": "mai"}, "invalid_grant", "short-lived"),
        ({"scope": " "}, "invalid_scope", "scope"),
    ],
)
def test_claims_that_are_wrong_are_refused(caller: Caller, claims: dict[str, object], error: str, said: str) -> None:
    answer = caller.ask_token(**claims)
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert said in answer.json()["error_description"]


@pytest.mark.parametrize(
    "form", [{"grant_type": "password"}, {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "a.b.c"}, {}]
)
def test_token_requests_that_are_none_are_refused(google: StandIn, form: dict[str, str]) -> None:
    answer = requests.post(f"{google.url}/token", data=form)
    assert answer.status_code == 400
    assert answer.json()["error"] in ("unsupported_grant_type", "invalid_grant")


def test_the_key_of_a_disabled_account_is_refused(google: StandIn, caller: Caller) -> None:
    google.account.disabled = True
    assert caller.ask_token().json()["error"] == "invalid_grant"


def test_a_token_ends_after_an_hour(google: StandIn, caller: Caller, clock: Clock) -> None:
    path = f"/v4/spreadsheets/{google.add(title='a')}"
    caller.get(path)
    clock.now += 3601
    answer = caller.call("GET", path)
    assert answer.status_code == 401
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_tokens_can_be_ended(google: StandIn, caller: Caller) -> None:
    caller.get("/drive/v3/files")
    google.access.expire_tokens()
    answer = caller.call("GET", "/drive/v3/files").json()["error"]
    assert (answer["code"], answer["errors"][0]["message"], answer["errors"][0]["reason"]) == (401, "Invalid Credentials", "authError")


def test_without_credentials_both_services_answer_403(google: StandIn) -> None:
    for path in ("/v4/spreadsheets/abc", "/drive/v3/files"):
        answer = requests.get(google.url + path)
        assert answer.status_code == 403
        assert answer.json()["error"]["message"].startswith("Method doesn't allow unregistered callers")


def test_a_token_for_something_else_is_refused(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    token = caller.ask_token(scope="https://www.googleapis.com/auth/spreadsheets.readonly").json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{google.url}/v4/spreadsheets/{file}", headers=bearer).status_code == 200
    answer = requests.post(f"{google.url}/v4/spreadsheets/{file}:batchUpdate", json={"requests": []}, headers=bearer)
    assert answer.status_code == 403
    assert answer.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert requests.get(f"{google.url}/drive/v3/files", headers=bearer).status_code == 403


# Quotas ------------------------------------------------------------------------------------------------------------------------


def test_reads_and_writes_have_their_own_quota_and_recover_with_the_minute(google: StandIn, caller: Caller, clock: Clock) -> None:
    google.quota.reads, google.quota.writes = 3, 1
    file = google.add(title="a")
    for _ in range(3):
        caller.get(f"/v4/spreadsheets/{file}")
    answer = caller.call("GET", f"/v4/spreadsheets/{file}")
    assert answer.status_code == 429
    error = answer.json()["error"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["details"][0]["metadata"]["quota_limit_value"] == "3"
    assert "'Read requests per minute per user'" in error["message"]
    caller.write(file, "A1", [["x"]])
    assert caller.refused("PUT", f"/v4/spreadsheets/{file}/values/A1", {"values": [["y"]]}, valueInputOption="RAW")[0] == 429
    clock.now += 60
    assert caller.read(file, "A1") == [["x"]]
    caller.write(file, "A1", [["y"]])


def test_a_second_account_has_a_quota_of_its_own(google: StandIn, caller: Caller) -> None:
    google.quota.reads = 1
    file, other = google.add(title="a"), google.access.new_account("hai")
    google.share(file, "reader", other)
    caller.get(f"/v4/spreadsheets/{file}")
    with Caller(google, other) as second:
        second.get(f"/v4/spreadsheets/{file}")
    assert caller.refused("GET", f"/v4/spreadsheets/{file}")[0] == 429


def test_drive_is_not_counted_as_sheets(google: StandIn, caller: Caller) -> None:
    google.quota.reads = 0
    caller.get("/drive/v3/files")
    assert [one.kind for one in google.requests] == ["token", "drive"]


def test_an_api_that_is_not_enabled_says_where_it_is_enabled(google: StandIn, caller: Caller) -> None:
    google.disabled.add("sheets")
    answer = caller.call("GET", f"/v4/spreadsheets/{google.add(title='a')}").json()["error"]
    assert answer["details"][0]["reason"] == "SERVICE_DISABLED"
    assert "has not been used in project" in answer["message"]
    caller.get("/drive/v3/files")


# Faults ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (Fault(status=503), 503, "The service is currently unavailable."),
        (Fault(status=500), 500, "Internal error encountered."),
        (Fault(status=403), 403, "The caller does not have permission"),
        (Fault(status=403, reason="rateLimitExceeded"), 403, "Rate Limit Exceeded"),
        (Fault(status=403, reason="SERVICE_DISABLED"), 403, "has not been used in project"),
        (Fault(status=429), 429, "Quota exceeded for quota metric 'Read requests'"),
    ],
)
def test_a_fault_answers_in_googles_words(google: StandIn, caller: Caller, fault: Fault, status: int, said: str) -> None:
    file = google.add(title="a")
    google.faults.script.append(fault)
    fault.path = "spreadsheets"
    answer = caller.call("GET", f"/v4/spreadsheets/{file}")
    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]
    assert google.faults.struck == [(2, fault)]


def test_a_fault_may_be_a_page_and_tell_when_to_come_back(google: StandIn, caller: Caller) -> None:
    google.faults.script.append(Fault(status=502, html=True, retry_after=7, path="files"))
    answer = caller.call("GET", "/drive/v3/files")
    assert (answer.status_code, answer.headers["Retry-After"]) == (502, "7")
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_fault_strikes_only_where_all_its_conditions_hold(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    google.faults.script += [Fault(status=503, verb="PUT", method=r"values\.update$", times=1), Fault(status=500, numbers=(3,))]
    caller.get(f"/v4/spreadsheets/{file}")
    assert caller.call("GET", f"/v4/spreadsheets/{file}").status_code == 500  # the third request: the first asked for the token
    body = {"values": [["x"]]}
    statuses = [caller.call("PUT", f"/v4/spreadsheets/{file}/values/A1", body, valueInputOption="RAW").status_code for _ in range(2)]
    assert statuses == [503, 200]


def test_chance_is_the_same_with_the_same_seed() -> None:
    def statuses(seed: int) -> list[int]:
        with StandIn(seed=seed) as google, Caller(google) as caller:
            google.faults.script.append(Fault(status=503, probability=0.5, method="drive"))
            return [caller.call("GET", "/drive/v3/files").status_code for _ in range(20)]

    first = statuses(1)
    assert first == statuses(1)
    assert {200, 503} == set(first)
    assert first != statuses(2)


@pytest.mark.parametrize(("cut", "written"), [("before", []), ("after", [["x"]]), ("half", [["x"]])])
def test_a_connection_that_is_cut_leaves_done_what_was_done(google: StandIn, caller: Caller, cut: str, written: list[list[str]]) -> None:
    file = google.add(title="a")
    google.faults.script.append(Fault(cut=cut, verb="PUT"))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        caller.write(file, "A1", [["x"]])
    assert caller.read(file, "A1") == written


def test_a_refusal_may_have_been_carried_out(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    google.faults.script.append(Fault(status=503, carried_out=True, verb="PUT"))
    assert caller.refused("PUT", f"/v4/spreadsheets/{file}/values/A1", {"values": [["x"]]}, valueInputOption="RAW")[0] == 503
    assert caller.read(file, "A1") == [["x"]]


def test_an_answer_may_be_no_json(google: StandIn, caller: Caller) -> None:
    google.faults.script.append(Fault(wrong_json=True, path="files"))
    answer = caller.call("GET", "/drive/v3/files")
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_delay_comes_before_the_answer(google: StandIn, caller: Caller) -> None:
    caller.get("/drive/v3/files")
    google.faults.script.append(Fault(delay=0.5))
    with pytest.raises(requests.ReadTimeout):
        caller.session.get(google.url, timeout=0.005)


def test_the_token_endpoint_can_fail(google: StandIn, caller: Caller) -> None:
    google.faults.script.append(Fault(status=500, method="^token$", times=1))
    assert (caller.ask_token().status_code, caller.ask_token().status_code) == (500, 200)


# The front ---------------------------------------------------------------------------------------------------------------------


def test_paths_that_there_are_not_are_answered_with_a_page(google: StandIn, caller: Caller) -> None:
    for verb, path in (
        ("GET", "/v4/nothing"),
        ("GET", "/v4/spreadsheets/a:batchUpdate/b"),
        ("PUT", "/v4/spreadsheets/abc"),
        ("GET", "/token"),
        ("POST", "/v5"),
    ):
        answer = caller.call(verb, path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
        assert "was not found on this server" in answer.text


def test_a_page_takes_no_writing_and_strange_verbs_are_refused(google: StandIn, caller: Caller) -> None:
    assert caller.call("POST", "/").status_code == 405
    answer = caller.session.request("BREW", google.url + "/v4/spreadsheets/a")
    assert answer.status_code == 405
    assert "BREW" in answer.text


def test_head_has_no_body(google: StandIn, caller: Caller) -> None:
    answer = caller.call("HEAD", "/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 100
    assert caller.call("GET", "/").status_code == 200  # the connection is still in step


def test_a_connection_lives_on_after_refusals(google: StandIn, caller: Caller) -> None:
    caller.get("/drive/v3/files")
    host = google.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host)
    connection.connect()
    socket = connection.sock
    for verb, path, body in (
        ("GET", "/v4/nothing", None),
        ("POST", "/v4/spreadsheets/a:batchUpdate", "{"),
        ("POST", "/token", "x"),
        ("GET", "/", None),
    ):
        connection.request(verb, path, body)
        answer = connection.getresponse()
        answer.read()
    assert connection.sock is socket
    assert answer.status == 200
    connection.close()


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (b'{"requests": [', "Invalid JSON payload received. Unexpected end of string."),
        (b'{"requests": [}', "Invalid JSON payload received. Unexpected token.\n"),
        (b'{"requests": NaN}', "Invalid JSON payload received."),
        (b"[]", 'Invalid JSON payload received. Unknown name "": Root element must be a message.'),
        (b"\xff\xfe", "Invalid JSON payload received."),
    ],
)
def test_payloads_that_are_no_json_are_refused(google: StandIn, caller: Caller, payload: bytes, said: str) -> None:
    caller.get("/drive/v3/files")
    headers = {"Authorization": f"Bearer {caller._token}"}
    answer = caller.session.post(f"{google.url}/v4/spreadsheets/{google.add(title='a')}:batchUpdate", data=payload, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(said)
    assert answer.json()["error"]["details"][0]["@type"].endswith("BadRequest")


def test_bodies_may_come_packed_and_in_pieces(google: StandIn, caller: Caller) -> None:
    caller.get("/drive/v3/files")
    file = google.add(title="a")
    headers = {"Authorization": f"Bearer {caller._token}"}
    address = f"{google.url}/v4/spreadsheets/{file}/values/A1?valueInputOption=RAW"
    packed = gzip.compress(b'{"values": [["x"]]}')
    assert caller.session.put(address, data=packed, headers={**headers, "Content-Encoding": "gzip"}).status_code == 200
    assert caller.read(file, "A1") == [["x"]]
    assert caller.session.put(address, data=iter([b'{"values": ', b'[["y"]]}']), headers=headers).status_code == 200
    assert caller.read(file, "A1") == [["y"]]


def test_answers_are_packed_only_where_that_is_taken(google: StandIn, caller: Caller) -> None:
    path = f"/v4/spreadsheets/{google.add(title='a')}"
    packed = caller.call("GET", path, headers={"Accept-Encoding": "gzip"})
    plain = caller.call("GET", path, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert google.requests[-2].sent < google.requests[-1].sent == len(plain.content)


def test_json_is_indented_unless_it_shall_not_be(google: StandIn, caller: Caller) -> None:
    path = f"/v4/spreadsheets/{google.add(title='a')}"
    assert caller.call("GET", path).text.startswith('{\n  "spreadsheetId": ')
    assert "\n" not in caller.call("GET", path, prettyPrint="false").text


def test_a_server_that_is_gone_answers_nobody() -> None:
    with StandIn() as google:
        session = requests.Session()
        assert session.get(google.url).status_code == 200
    with pytest.raises(requests.ConnectionError):
        session.get(google.url)
    session.close()


def test_many_callers_at_once_lose_nothing(google: StandIn) -> None:
    google.quota.reads = google.quota.writes = None
    file = google.add(title="a")

    def append(name: str) -> None:
        with Caller(google) as one:
            for number in range(10):
                one.right("POST", f"/v4/spreadsheets/{file}/values/A1:append", {"values": [[f"{name}{number}"]]}, valueInputOption="RAW")

    threads = [threading.Thread(target=append, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Caller(google) as one:
        assert sorted(line[0] for line in one.read(file, "A:A")) == sorted(f"{name}{number}" for name in "abcdef" for number in range(10))
    assert [one.number for one in google.requests] == list(range(1, len(google.requests) + 1))


def test_requests_are_logged_with_what_was_asked(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    caller.write(file, "A1", [["x"]])
    before = google.last()
    caller.read(file, "A1")
    assert [(one.kind, one.verb, one.status) for one in google.asked(file=file)] == [("write", "PUT", 200), ("read", "GET", 200)]
    assert google.asked("write")[0].body == {"values": [["x"]]}
    assert [one.method for one in google.asked(since=before)] == ["sheets.spreadsheets.values.get"]


def test_people_see_the_sheets_as_tables(google: StandIn, caller: Caller) -> None:
    file = google.add(title="Kế <hoạch>")
    caller.write(file, "A1", [["Đội", "5"], ["<b>", ""]])
    caller.batch(
        file,
        {"mergeCells": {"range": {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}}},
        {"updateCells": {"start": {"rowIndex": 0}, "rows": [{"values": [{"note": "Xem lại"}]}], "fields": "note"}},
    )
    assert "Kế &lt;hoạch&gt;" in requests.get(google.url).text
    page = requests.get(f"{google.url}/spreadsheets/d/{file}/edit").text
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "<small>Xem lại</small>" in page
    assert "rowspan=2 colspan=2" in page
    assert google.asked("page")[0].status == 200


# Drive -------------------------------------------------------------------------------------------------------------------------


def test_a_listing_tells_what_is_shared_and_pages(google: StandIn, caller: Caller, clock: Clock) -> None:
    names = [f"Đội {number}" for number in range(5)]
    for name in names:
        clock.now += 1
        google.add(title=name)
    google.add(title="riêng", role=None)
    seen, token = [], ""
    while True:
        page = caller.get(
            "/drive/v3/files", pageSize=2, orderBy="name", fields="nextPageToken,files(name)", **({"pageToken": token} if token else {})
        )
        assert len(page["files"]) <= 2
        seen += [file["name"] for file in page["files"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert seen == names
    assert caller.refused("GET", "/drive/v3/files", pageToken="xyz") == (400, "Invalid Value")
    assert caller.refused("GET", "/drive/v3/files", pageSize=0)[0] == 400
    assert caller.refused("GET", "/drive/v3/files", pageSize="hai")[0] == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = 'Đội 1'", ["Đội 1"]),
        ('name = "Đội 1"', ["Đội 1"]),
        ("name contains 'đội' and trashed = false", ["Đội 1", "O'Hara đội"]),
        ("not name contains 'Đội' and mimeType != 'text/plain'", ["Cũ", "Sổ"]),
        (r"name = 'O\'Hara đội'", ["O'Hara đội"]),
        ("(name = 'Sổ' or name = 'Đội 1') and mimeType = 'application/vnd.google-apps.spreadsheet'", ["Sổ", "Đội 1"]),
        ("modifiedTime > '2026-02-02T02:40:01'", ["O'Hara đội", "Sổ"]),
        ("trashed = true", ["Cũ"]),
        ("'quan-doan@example.org' in owners and name = 'Sổ'", ["Sổ"]),
        ("'donghanh@donghanh-thu.iam.gserviceaccount.com' in owners", []),
        ("'donghanh@donghanh-thu.iam.gserviceaccount.com' in writers and trashed = true", ["Cũ"]),
    ],
)
def test_queries_find_as_described(google: StandIn, caller: Caller, clock: Clock, query: str, found: list[str]) -> None:
    for name in ("Cũ", "Đội 1", "O'Hara đội", "Sổ"):
        file = google.add(title=name)
        google.drive.files[file].trashed = name == "Cũ"
        clock.now += 1
    assert sorted(one["name"] for one in caller.get("/drive/v3/files", q=query)["files"]) == sorted(found)


@pytest.mark.parametrize("query", ["name", "name = ", "name = 'a", "colour = 'a'", "name ~ 'a'", "(name = 'a'", "name = 'a' name = 'b'"])
def test_queries_that_cannot_be_read_are_refused(caller: Caller, query: str) -> None:
    assert caller.refused("GET", "/drive/v3/files", q=query) == (400, "Invalid Value")


def test_a_change_shows_in_version_at_once_and_in_modified_time_after_the_lag(google: StandIn, caller: Caller, clock: Clock) -> None:
    google.drive.lag = 30
    file = google.add(title="a")
    path = f"/drive/v3/files/{file}"
    clock.now += 60
    before = caller.get(path, fields="modifiedTime,version")
    caller.write(file, "A1", [["x"]])
    at_once = caller.get(path, fields="modifiedTime,version")
    assert int(at_once["version"]) > int(before["version"])
    assert at_once["modifiedTime"] == before["modifiedTime"]
    clock.now += 31
    assert caller.get(path, fields="modifiedTime")["modifiedTime"] > before["modifiedTime"]


def test_reading_and_refused_changes_leave_the_version(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    version = google.drive.files[file].version
    caller.read(file, "A1")
    caller.batch_refused(file, {"deleteSheet": {"sheetId": 77}})
    assert google.drive.files[file].version == version
    google.edit(file, [{"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Khác"}, "fields": "title"}}])
    assert google.drive.files[file].version > version


def test_permission_can_be_taken_away_and_reduced(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    caller.write(file, "A1", [["x"]])
    google.share(file, "reader")
    assert caller.read(file, "A1") == [["x"]]
    assert caller.batch_refused(file, {"addSheet": {}}) == (403, "The caller does not have permission")
    assert caller.refused("PATCH", f"/drive/v3/files/{file}", {"name": "b"})[0] == 403
    google.share(file, None)
    assert caller.refused("GET", f"/v4/spreadsheets/{file}") == (403, "The caller does not have permission")
    assert caller.refused("GET", f"/drive/v3/files/{file}") == (404, f"File not found: {file}.")
    assert caller.refused("GET", "/v4/spreadsheets/nothing") == (404, "Requested entity was not found.")


def test_what_is_in_the_bin_can_still_be_read(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    google.drive.files[file].trashed = True
    caller.get(f"/v4/spreadsheets/{file}")
    assert caller.get(f"/drive/v3/files/{file}", fields="trashed") == {"trashed": True}


@pytest.mark.parametrize(
    ("mime", "status", "word"),
    [
        (drive.XLSX_TYPE, 400, "must not be an Office file"),
        ("application/vnd.google-apps.document", 404, "not found"),
        (drive.FOLDER_TYPE, 400, "invalid argument"),
        ("application/pdf", 400, "invalid argument"),
    ],
)
def test_other_types_of_file_are_no_spreadsheets(google: StandIn, caller: Caller, mime: str, status: int, word: str) -> None:
    file = google.add(title="a.xlsx", mime=mime)
    refused = caller.refused("GET", f"/v4/spreadsheets/{file}")
    assert refused[0] == status
    assert word in refused[1]


def test_service_accounts_own_no_files_unless_they_may(google: StandIn, caller: Caller) -> None:
    answer = caller.call("POST", "/drive/v3/files", {"name": "a", "mimeType": drive.SHEET_TYPE}).json()["error"]
    assert (answer["code"], answer["errors"][0]["reason"]) == (403, "storageQuotaExceeded")
    google.drive.storage = True
    made = caller.right("POST", "/drive/v3/files", {"name": "a", "mimeType": drive.SHEET_TYPE})
    assert made["kind"] == "drive#file"
    copied = caller.right("POST", f"/drive/v3/files/{made['id']}/copy", {"name": None})
    assert copied["name"] == "Copy of a"
    assert caller.call("DELETE", f"/drive/v3/files/{made['id']}").status_code == 204
    assert caller.refused("GET", f"/v4/spreadsheets/{made['id']}")[0] == 404
    assert caller.get(f"/v4/spreadsheets/{copied['id']}")["properties"]["title"] == "Copy of a"


def test_a_name_is_the_same_in_drive_and_in_the_spreadsheet(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    caller.right("PATCH", f"/drive/v3/files/{file}", {"name": "b"})
    assert caller.get(f"/v4/spreadsheets/{file}", fields="properties.title") == {"properties": {"title": "b"}}
    caller.batch(file, {"updateSpreadsheetProperties": {"properties": {"title": "c"}, "fields": "title"}})
    assert caller.get(f"/drive/v3/files/{file}")["name"] == "c"


def test_drive_passes_over_members_it_does_not_know_and_refuses_masks_it_does_not(google: StandIn, caller: Caller) -> None:
    google.drive.storage = True
    made = caller.right("POST", "/drive/v3/files", {"title": "v2"}, supportsAllDrives="true", colour="red")
    assert made["name"] == "Untitled"
    assert caller.refused("GET", f"/drive/v3/files/{made['id']}", fields="id,colour") == (400, "Invalid field selection colour")
    assert set(caller.get(f"/drive/v3/files/{made['id']}")) == {"kind", "id", "name", "mimeType"}
    assert set(caller.get(f"/drive/v3/files/{made['id']}", fields="id, name")) == {"id", "name"}


def test_spreadsheets_are_exported_as_shown(google: StandIn, caller: Caller) -> None:
    file = google.add(title="a")
    caller.write(file, "A1", [["Đội", "1,5"], ["x, y", "05/03/2026"]])
    path = f"/drive/v3/files/{file}/export"
    assert caller.call("GET", path, mimeType="text/csv").content.decode() == 'Đội,"1,5"\r\n"x, y",05/03/2026'
    book = openpyxl.load_workbook(io.BytesIO(caller.call("GET", path, mimeType=drive.XLSX_TYPE).content))
    assert [cell.value for cell in book.worksheets[0][1]] == ["Đội", 1.5]
    assert caller.refused("GET", path, mimeType="image/png")[0] == 400
    assert caller.refused("GET", f"/drive/v3/files/{file}", alt="media")[1].startswith("Only files with binary content")
    assert caller.refused("GET", f"/drive/v3/files/{google.add(title='b', mime='text/plain')}/export", mimeType="text/csv")[0] == 403


def test_a_csv_uploaded_over_a_spreadsheet_replaces_its_tabs(google: StandIn, caller: Caller) -> None:
    file = google.add(title="Nhập")
    headers = {"Authorization": f"Bearer {caller.ask_token().json()['access_token']}", "Content-Type": "text/csv"}
    answer = requests.put(f"{google.url}/upload/drive/v2/files/{file}?uploadType=media&convert=True", data=b"a,5\nb,6", headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (200, "Nhập")
    assert caller.read(file, "Nhập", valueRenderOption="UNFORMATTED_VALUE") == [["a", 5], ["b", 6]]


def test_permissions_are_made_told_changed_and_taken(google: StandIn, caller: Caller) -> None:
    file, other = google.add(title="a"), google.access.new_account("hai")
    made = caller.right(
        "POST", f"/drive/v3/files/{file}/permissions", {"type": "user", "role": "reader", "emailAddress": other.email}, fields="*"
    )
    path = f"/drive/v3/files/{file}/permissions/{made['id']}"
    with Caller(google, other) as second:
        second.get(f"/v4/spreadsheets/{file}")
        caller.right("PATCH", path, {"role": "writer"})
        second.write(file, "A1", [["x"]])
        assert caller.call("DELETE", path).status_code == 204
        assert second.refused("GET", f"/v4/spreadsheets/{file}")[0] == 403
    assert caller.refused("GET", path)[0] == 404
    assert caller.refused("POST", f"/drive/v3/files/{file}/permissions", {"role": "reader"})[0] == 400


def test_a_request_that_is_too_large_is_refused_whole(google, caller):
    """Google's sentence, with the limit in it; nothing is written."""
    file = google.add(title="Lớn")
    google.largest_request = 2000
    try:
        status, said = caller.refused("PUT", f"/v4/spreadsheets/{file}/values/A1", {"values": [["x" * 2000]]}, valueInputOption="RAW")
    finally:
        google.largest_request = 10_485_760
    assert (status, said) == (400, "Request payload size exceeds the limit: 2000 bytes.")
    assert caller.read(file, "A1") == []
    caller.write(file, "A1", [["x" * 2000]])
