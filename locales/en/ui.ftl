### Text of the web app. Every language has the same keys and the same placeholders; a test says so.

app-name = Bulkhead
page-title = { $page } · Bulkhead
skip = Skip to content
nav-main = Main
project = Project
language = Language
theme = Theme
theme-system = As the system
theme-light = Light
theme-dark = Dark
menu = Menu
menu-version = Version { $version }
sign-out = Sign out
copy = Copy
copied = Copied
close = Close
cancel = Cancel
loading = Loading…
or = or

## Keyboard

keys-title = Keyboard shortcuts
keys-new = New report
keys-pause = Pause or resume Live
keys-list = This list
keys-on = Use single-key shortcuts

## Failures

failure-unreachable = The server cannot be reached.
failure-request = Request { $id }
failure-again = Try again
failure-stale = This page could not be loaded. Reload it: the server may have been updated.
missing-title = There is no such page
missing-text = The address may be mistyped, or belong to another version.
missing-home = To the start page

## Signing in

signin-title = Sign in
signin-text = Bulkhead has no passwords to steal. You sign in with a one-time link: open the one that init printed when this server was set up.
signin-again = Already used, or lost? On the server, this command prints a new one:
signin-why = A link works once and runs out after a short time.
signin-already = You are signed in as { $name }.
signin-on = Continue
copy-command = Copy the command
enrol-title = Signing in
enrol-busy = Checking the one-time link…
enrol-failed = A link works once and only for a short time. Make a new one and open it here.
enrol-how = How to get a new link

## First events

welcome-nav = Connect
welcome-title = Send your first event
welcome-text = Keep your Mixpanel SDK. Change the address it sends to, and everything else stays as it is.
welcome-keys = Your project
welcome-address = Server address
welcome-token = Project token
welcome-snippets = Ready to paste
copy-address = Copy the server address
copy-token = Copy the project token
copy-snippet = Copy the code
snippet-browser = Browser
snippet-browser-note = Use mixpanel-browser as before. Only api_host is new.
snippet-python = Python
snippet-python-note = The official mixpanel package, with a consumer that sends here.
snippet-node = Node.js
snippet-node-note = The official mixpanel package. Host and protocol point here.
snippet-curl = curl
snippet-curl-note = No SDK at all: one event in plain JSON. The answer says whether it was accepted.
arrival-waiting = Waiting for the first event
arrival-hint = This page is listening. Run one of the snippets and it will turn green.
arrival-refused = { $count ->
    [one] One event came in and was dropped.
   *[other] { $count } events came in and were dropped.
}
arrival-why = See why
arrival-done = Events are arriving
arrival-first = First event: { $at }
arrival-live = Watch them live
arrival-insights = Ask a question
promises-title = What happens to what you send
promise-seal = Names, e-mail addresses and ids are sealed before anything is stored.
promise-pseudonym = An event carries a pseudonym. Reports never show who is behind it.
promise-durable = When the SDK hears “ok”, the event is on disk.

## Live

live-title = Live
live-text = Events as they arrive, and those that were turned away, with the reason.
live-stream = Stream of events
live-connecting = Connecting…
live-connected = Receiving
live-paused = Paused
live-pause = Pause
live-resume = Resume
live-held = { $count } new
live-missed = { $count } came faster than this page shows them; they are stored.
live-show = Show
live-show-all = All
live-show-accepted = Accepted
live-show-dropped = Dropped
live-shown = { $count } events shown
live-unnamed = (no name)
live-never = Nothing has arrived yet
live-never-text = As soon as an SDK sends its first event to this server, it appears here within a second.
live-never-on = Get a ready snippet
live-quiet = Quiet right now
live-quiet-text = New events appear here by themselves. Earlier ones are in Insights.
live-quiet-dropped = No event has been dropped while this page was open.
detail-time = Happened
detail-received = Received
detail-person = Person
detail-nobody = nobody
detail-place = Place
detail-nowhere = unknown
detail-reason = Reason
detail-field = Field
detail-sealed = { $kind } · sealed
intake-rate = Rate
intake-per-second = { $rate }/s
intake-rate-chart = Events per second over the last minute
intake-counts = Since the server started
intake-accepted = Accepted
intake-dropped = Dropped
intake-reasons = Why events were dropped
intake-none = Nothing has been dropped.
example-none = No example is kept.

## Why an event was dropped, by the tags of the collector

reason-unknown-token = Unknown token
reason-ignored = Marked to be ignored
reason-opted-out = Opted out of tracking
reason-missing-token = No token
reason-not-an-object = Not a JSON object
reason-missing-name = No event name
reason-bad-properties = Unreadable properties
reason-too-many-properties = Too many properties
reason-too-deep = Nested too deep
reason-property-too-large = A property is too large
reason-record-too-large = The event is too large
reason-missing-time = No time
reason-bad-time = Unreadable time
reason-too-old = Too old
reason-in-the-future = In the future
reason-missing-distinct-id = No distinct id
reason-bad-distinct-id = Unusable distinct id
reason-missing-insert-id = No insert id
reason-bad-insert-id = Unusable insert id
reason-missing-group = No group
reason-no-operator = No operation
reason-bad-operator = Unknown operation

## Insights

insights-title = Insights
any-event = Any event
builder = Question
builder-what = What
builder-add-metric = Add a metric
builder-who = Who
builder-add-filter = Add a filter
builder-split = Split by
builder-split-by = Split by property
builder-no-split = Nothing
combobox-none = Nothing matches
metric = Metric { $letter }
metric-event = Event
metric-event-choose = Choose an event
metric-event-remove = Remove the event { $event }
metric-or = or another event
metric-measurement = Measured as
metric-property = Measured property
metric-property-choose = Choose a property
metric-remove = Remove metric { $letter }
metric-of-event = { $events }: { $measurement }
metric-of-property = { $events }: { $measurement } of { $property }
measure-total = Total events
measure-unique = Unique people
measure-average = Events per person
measure-sum = Sum
measure-mean = Average
measure-median = Median
measure-p90 = 90th percentile
measure-min = Minimum
measure-max = Maximum
measure-distinct = Distinct values
filter-row = Filter { $property }
filter-property = Property
filter-property-choose = Choose a property
filter-operator = Condition
filter-value = Value
filter-value-choose = Value
filter-value-remove = Remove the value { $value }
filter-remove = Remove the filter { $property }
operator-is = is
operator-not = is not
operator-has = contains
operator-lacks = does not contain
operator-gt = is more than
operator-gte = is at least
operator-lt = is less than
operator-lte = is at most
operator-set = is set
operator-unset = is not set
sensitivity-coarse = coarse
sensitivity-personal = personal
sensitivity-identifier = identifier
touches = This report touches
touches-unknown = No answer yet.
touches-people = { $people ->
    [one] The events of { $people } person.
   *[other] The events of { $people } people.
}
touches-no-personal = No personal property. All people stay pseudonymous.
touches-personal = { $count ->
    [one] A sealed property: { $properties }. Only that it is there is counted, never its value.
   *[other] Sealed properties: { $properties }. Only that they are there is counted, never their values.
}
answer = Answer
answer-incomplete = One part is missing
answer-incomplete-text = Choose the property that is to be measured.
answer-cancelled = Cancelled
answer-nothing = No events match
answer-nothing-range = Nothing happened in this range. Try a longer one.
answer-nothing-filters = Together, the filters leave nothing over.
answer-without-filters = Remove the filters
range = Range
range-last-days = { $days ->
    [one] Today
    [365] Last 12 months
   *[other] Last { $days } days
}
range-own = Own dates
range-from = From
range-to = To
granularity = Step
granularity-minute = By minute
granularity-hour = By hour
granularity-day = By day
granularity-week = By week
granularity-month = By month
granularity-quarter = By quarter
chart-kind = Kind of chart
chart-line = Lines over time
chart-bar = Bars of totals
chart-label = { $metrics } over time
chart-point = Point in time
chart-incomplete = { $bucket } (not over yet)
segment-all = All
segment-others = All others ({ $count })
segment-unset = (not set)
segment-empty = (empty)
table = Numbers behind the chart
table-series = Series
table-total = Total
made = How this was made
made-range = { $from } – { $to }
made-zone = zone { $zone }
made-rows = { $rows } events read in { $took } ms
made-fresh = newest event { $at }
made-no-event = no event yet
made-rules = rules { $rules }

## About

about-title = About Bulkhead
about-text = Product analytics on your own server, with nobody named.
about-version = Version
about-licence = Licence
about-licences = Licences of everything inside
about-data = Data from others
