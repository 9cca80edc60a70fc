### Text of the web app. Every language has the same keys and the same placeholders; a test says so.

app-name = Bulkhead
page-title = { $page } · Bulkhead
skip = সরাসরি বিষয়বস্তুতে যান
nav-main = মূল নেভিগেশন
project = প্রকল্প
language = ভাষা
theme = থিম
theme-system = সিস্টেমের মতো
theme-light = হালকা
theme-dark = গাঢ়
menu = মেনু
menu-version = সংস্করণ { $version }
sign-out = সাইন আউট
copy = কপি করুন
copied = কপি হয়েছে
close = বন্ধ করুন
cancel = বাতিল
loading = লোড হচ্ছে…
or = অথবা

## Keyboard

keys-title = কীবোর্ড শর্টকাট
keys-new = নতুন রিপোর্ট
keys-pause = লাইভ থামান বা আবার চালান
keys-list = এই তালিকা
keys-on = এক-কী শর্টকাট ব্যবহার করুন

## Failures

failure-unreachable = সার্ভারের সঙ্গে যোগাযোগ করা যাচ্ছে না।
failure-request = অনুরোধ { $id }
failure-again = আবার চেষ্টা করুন
failure-stale = পাতাটি লোড করা যায়নি। আবার লোড করুন: সার্ভার হয়তো হালনাগাদ হয়েছে।
missing-title = এমন কোনো পাতা নেই
missing-text = ঠিকানাটি ভুল লেখা হতে পারে, বা অন্য সংস্করণের হতে পারে।
missing-home = শুরুর পাতায়

## Signing in

signin-title = সাইন ইন
signin-text = Bulkhead-এ চুরি করার মতো কোনো পাসওয়ার্ড নেই। একবার ব্যবহারের লিংক দিয়ে সাইন ইন করতে হয়: এই সার্ভার বসানোর সময় init যে লিংক ছেপেছিল, সেটি খুলুন।
signin-again = লিংকটি ব্যবহৃত বা হারিয়ে গেছে? সার্ভারে এই কমান্ড নতুন একটি ছাপে:
signin-why = একটি লিংক একবারই কাজ করে এবং অল্প সময়ে মেয়াদ শেষ হয়।
signin-already = আপনি { $name } হিসেবে সাইন ইন আছেন।
signin-on = এগিয়ে যান
copy-command = কমান্ড কপি করুন
enrol-title = সাইন ইন হচ্ছে
enrol-busy = লিংকটি যাচাই করা হচ্ছে…
enrol-failed = একটি লিংক একবার এবং অল্প সময়ের জন্যই কাজ করে। নতুন একটি তৈরি করে এখানে খুলুন।
enrol-how = নতুন লিংক কীভাবে পাবেন

## First events

welcome-nav = সংযোগ
welcome-title = আপনার প্রথম ইভেন্ট পাঠান
welcome-text = আপনার Mixpanel SDK রাখুন। শুধু যে ঠিকানায় পাঠায় সেটি বদলান; বাকি সব আগের মতোই থাকে।
welcome-keys = আপনার প্রকল্প
welcome-address = সার্ভারের ঠিকানা
welcome-token = প্রকল্পের টোকেন
welcome-snippets = পেস্ট করার জন্য তৈরি
copy-address = সার্ভারের ঠিকানা কপি করুন
copy-token = প্রকল্পের টোকেন কপি করুন
copy-snippet = কোড কপি করুন
snippet-browser = ব্রাউজার
snippet-browser-note = mixpanel-browser আগের মতোই ব্যবহার করুন। শুধু api_host নতুন।
snippet-python = Python
snippet-python-note = আনুষ্ঠানিক mixpanel প্যাকেজ, যার consumer এখানে পাঠায়।
snippet-node = Node.js
snippet-node-note = আনুষ্ঠানিক mixpanel প্যাকেজ। হোস্ট ও প্রোটোকল এখানে নির্দেশ করে।
snippet-curl = curl
snippet-curl-note = কোনো SDK ছাড়াই: সাধারণ JSON-এ একটি ইভেন্ট। উত্তরে জানা যায় তা গৃহীত হয়েছে কি না।
arrival-waiting = প্রথম ইভেন্টের অপেক্ষায়
arrival-hint = এই পাতা শুনছে। একটি নমুনা চালান, এটি সবুজ হয়ে যাবে।
arrival-refused = { $count ->
    [one] { $count }টি ইভেন্ট এসেছে এবং বাদ পড়েছে।
   *[other] { $count }টি ইভেন্ট এসেছে এবং বাদ পড়েছে।
}
arrival-why = কারণ দেখুন
arrival-done = ইভেন্ট আসছে
arrival-first = প্রথম ইভেন্ট: { $at }
arrival-live = লাইভ দেখুন
arrival-insights = একটি প্রশ্ন করুন
promises-title = আপনি যা পাঠান তার কী হয়
promise-seal = কিছু সংরক্ষণের আগেই নাম, ই-মেইল ঠিকানা ও আইডি সিল করা হয়।
promise-pseudonym = ইভেন্টে থাকে একটি ছদ্মনাম। এর পেছনে কে আছেন, রিপোর্ট তা কখনও দেখায় না।
promise-durable = SDK যখন “ok” পায়, ইভেন্ট তখন ডিস্কে আছে।

## Live

live-title = লাইভ
live-text = যেমন আসছে তেমন ইভেন্ট, আর যেগুলো ফেরানো হয়েছে, কারণসহ।
live-stream = ইভেন্টের ধারা
live-connecting = সংযোগ হচ্ছে…
live-connected = গ্রহণ করছে
live-paused = থামানো
live-pause = থামান
live-resume = আবার চালান
live-held = { $count }টি নতুন
live-missed = { $count }টি এত দ্রুত এসেছে যে এখানে দেখানো হয়নি; সেগুলো সংরক্ষিত আছে।
live-show = দেখান
live-show-all = সব
live-show-accepted = গৃহীত
live-show-dropped = বাদ পড়া
live-shown = দেখানো ইভেন্ট: { $count }
live-unnamed = (নামহীন)
live-never = এখনও কিছু আসেনি
live-never-text = কোনো SDK এই সার্ভারে প্রথম ইভেন্ট পাঠালেই এক সেকেন্ডের মধ্যে তা এখানে দেখা যাবে।
live-never-on = তৈরি নমুনা নিন
live-quiet = এখন শান্ত
live-quiet-text = নতুন ইভেন্ট এখানে নিজে থেকেই দেখা দেয়। আগেরগুলো বিশ্লেষণে আছে।
live-quiet-dropped = পাতাটি খোলার পর থেকে কোনো ইভেন্ট বাদ পড়েনি।
detail-time = ঘটেছে
detail-received = গৃহীত
detail-person = ব্যক্তি
detail-nobody = কেউ নয়
detail-place = স্থান
detail-nowhere = অজানা
detail-reason = কারণ
detail-field = ফিল্ড
detail-sealed = { $kind } · সিল করা
intake-rate = হার
intake-per-second = { $rate }/সে
intake-rate-chart = গত এক মিনিটে প্রতি সেকেন্ডে ইভেন্ট
intake-counts = সার্ভার চালুর পর থেকে
intake-accepted = গৃহীত
intake-dropped = বাদ পড়া
intake-reasons = ইভেন্ট কেন বাদ পড়েছে
intake-none = কিছুই বাদ পড়েনি।
example-none = কোনো উদাহরণ রাখা নেই।

## Why an event was dropped, by the tags of the collector

reason-unknown-token = অজানা টোকেন
reason-ignored = উপেক্ষা করতে চিহ্নিত
reason-opted-out = ট্র্যাকিংয়ে অসম্মতি
reason-missing-token = টোকেন নেই
reason-not-an-object = JSON অবজেক্ট নয়
reason-missing-name = ইভেন্টের নাম নেই
reason-bad-properties = প্রপার্টি পড়া যায়নি
reason-too-many-properties = অতিরিক্ত প্রপার্টি
reason-too-deep = অতি গভীর গঠন
reason-property-too-large = একটি প্রপার্টি অতি বড়
reason-record-too-large = ইভেন্ট অতি বড়
reason-missing-time = সময় নেই
reason-bad-time = সময় পড়া যায়নি
reason-too-old = অতি পুরোনো
reason-in-the-future = ভবিষ্যতের
reason-missing-distinct-id = distinct id নেই
reason-bad-distinct-id = distinct id অচল
reason-missing-insert-id = insert id নেই
reason-bad-insert-id = insert id অচল
reason-missing-group = গ্রুপ নেই
reason-no-operator = কাজ নেই
reason-bad-operator = অজানা কাজ

## Insights

insights-title = বিশ্লেষণ
any-event = যেকোনো ইভেন্ট
builder = প্রশ্ন
builder-what = কী
builder-add-metric = মেট্রিক যোগ করুন
builder-who = কে
builder-add-filter = ফিল্টার যোগ করুন
builder-split = যা অনুযায়ী ভাগ
builder-split-by = প্রপার্টি অনুযায়ী ভাগ
builder-no-split = ভাগ নয়
combobox-none = কিছুই মেলে না
metric = মেট্রিক { $letter }
metric-event = ইভেন্ট
metric-event-choose = ইভেন্ট বাছুন
metric-event-remove = { $event } ইভেন্টটি সরান
metric-or = বা অন্য ইভেন্ট
metric-measurement = মাপের ধরন
metric-property = মাপা প্রপার্টি
metric-property-choose = প্রপার্টি বাছুন
metric-remove = মেট্রিক { $letter } সরান
metric-of-event = { $events }: { $measurement }
metric-of-property = { $events }: { $property } · { $measurement }
measure-total = মোট ইভেন্ট
measure-unique = আলাদা ব্যক্তি
measure-average = জনপ্রতি ইভেন্ট
measure-sum = যোগফল
measure-mean = গড়
measure-median = মধ্যমা
measure-p90 = 90তম শতকরা মান
measure-min = সর্বনিম্ন
measure-max = সর্বোচ্চ
measure-distinct = আলাদা মান
filter-row = ফিল্টার { $property }
filter-property = প্রপার্টি
filter-property-choose = প্রপার্টি বাছুন
filter-operator = শর্ত
filter-value = মান
filter-value-choose = মান
filter-value-remove = { $value } মানটি সরান
filter-remove = ফিল্টার { $property } সরান
operator-is = হলো
operator-not = নয়
operator-has = ধারণ করে
operator-lacks = ধারণ করে না
operator-gt = এর বেশি
operator-gte = অন্তত
operator-lt = এর কম
operator-lte = সর্বাধিক
operator-set = আছে
operator-unset = নেই
sensitivity-coarse = স্থূল
sensitivity-personal = ব্যক্তিগত
sensitivity-identifier = শনাক্তকারী
touches = এই রিপোর্ট যাঁদের স্পর্শ করে
touches-unknown = এখনও উত্তর নেই।
touches-people = { $people ->
    [one] { $people } জনের ইভেন্ট।
   *[other] { $people } জনের ইভেন্ট।
}
touches-no-personal = কোনো ব্যক্তিগত প্রপার্টি নেই। সবাই ছদ্মনামেই থাকেন।
touches-personal = { $count ->
    [one] সিল করা প্রপার্টি: { $properties }। শুধু থাকাটুকু গোনা হয়, মান কখনও নয়।
   *[other] সিল করা প্রপার্টি: { $properties }। শুধু থাকাটুকু গোনা হয়, মান কখনও নয়।
}
answer = উত্তর
answer-incomplete = একটি অংশ বাকি
answer-incomplete-text = যে প্রপার্টি মাপতে হবে তা বাছুন।
answer-cancelled = বাতিল হয়েছে
answer-nothing = কোনো ইভেন্ট মেলে না
answer-nothing-range = এই সময়ে কিছু ঘটেনি। আরও লম্বা সময় নিন।
answer-nothing-filters = সব ফিল্টার মিলে কিছুই বাকি রাখে না।
answer-without-filters = ফিল্টার সরান
range = সময়সীমা
range-last-days = { $days ->
    [1] আজ
    [365] গত 12 মাস
   *[other] গত { $days } দিন
}
range-own = নিজের তারিখ
range-from = থেকে
range-to = পর্যন্ত
granularity = ধাপ
granularity-minute = মিনিটে
granularity-hour = ঘণ্টায়
granularity-day = দিনে
granularity-week = সপ্তাহে
granularity-month = মাসে
granularity-quarter = ত্রৈমাসিকে
chart-kind = চার্টের ধরন
chart-line = সময় ধরে রেখা
chart-bar = মোটের দণ্ড
chart-label = সময় ধরে { $metrics }
chart-point = সময়ের বিন্দু
chart-incomplete = { $bucket } (এখনও চলছে)
segment-all = সব
segment-others = বাকি সব ({ $count })
segment-unset = (নেই)
segment-empty = (ফাঁকা)
table = চার্টের পেছনের সংখ্যা
table-series = ধারা
table-total = মোট
made = যেভাবে তৈরি
made-range = { $from } – { $to }
made-zone = সময় অঞ্চল { $zone }
made-rows = { $took } মি.সে.-এ { $rows }টি ইভেন্ট পড়া হয়েছে
made-fresh = সর্বশেষ ইভেন্ট { $at }
made-no-event = এখনও কোনো ইভেন্ট নেই
made-rules = নিয়ম { $rules }

## About

about-title = Bulkhead সম্পর্কে
about-text = আপনার নিজের সার্ভারে পণ্য বিশ্লেষণ, কারও নাম ছাড়াই।
about-version = সংস্করণ
about-licence = লাইসেন্স
about-licences = ভেতরের সবকিছুর লাইসেন্স
about-data = অন্যদের দেওয়া তথ্য
