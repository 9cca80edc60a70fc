### Text of the web app. Every language has the same keys and the same placeholders; a test says so.

app-name = Bulkhead
page-title = { $page } · Bulkhead
skip = सीधे सामग्री पर जाएँ
nav-main = मुख्य नेविगेशन
project = प्रोजेक्ट
language = भाषा
theme = थीम
theme-system = सिस्टम जैसी
theme-light = हल्की
theme-dark = गहरी
menu = मेन्यू
menu-version = संस्करण { $version }
sign-out = साइन आउट करें
copy = कॉपी करें
copied = कॉपी हो गया
close = बंद करें
cancel = रद्द करें
loading = लोड हो रहा है…
or = या

## Keyboard

keys-title = कीबोर्ड शॉर्टकट
keys-new = नई रिपोर्ट
keys-pause = लाइव को रोकें या फिर चलाएँ
keys-list = यह सूची
keys-on = एक कुंजी वाले शॉर्टकट इस्तेमाल करें

## Failures

failure-unreachable = सर्वर से संपर्क नहीं हो पा रहा।
failure-request = अनुरोध { $id }
failure-again = फिर कोशिश करें
failure-stale = यह पेज लोड नहीं हो सका। इसे फिर से लोड करें: शायद सर्वर अपडेट हुआ है।
missing-title = ऐसा कोई पेज नहीं है
missing-text = हो सकता है पता ग़लत लिखा गया हो, या किसी दूसरे संस्करण का हो।
missing-home = शुरुआती पेज पर

## Signing in

signin-title = साइन इन करें
signin-text = Bulkhead में चुराने लायक कोई पासवर्ड नहीं है। आप एक बार चलने वाले लिंक से साइन इन करते हैं: वह लिंक खोलें जो इस सर्वर की स्थापना के समय init ने दिखाया था।
signin-again = लिंक इस्तेमाल हो चुका या खो गया? सर्वर पर यह कमांड नया लिंक देती है:
signin-why = हर लिंक एक ही बार चलता है और थोड़ी देर में समाप्त हो जाता है।
signin-already = आप { $name } के रूप में साइन इन हैं।
signin-on = आगे बढ़ें
copy-command = कमांड कॉपी करें
enrol-title = साइन इन हो रहा है
enrol-busy = लिंक की जाँच हो रही है…
enrol-failed = लिंक एक ही बार और थोड़ी देर के लिए चलता है। नया लिंक बनाकर यहाँ खोलें।
enrol-how = नया लिंक कैसे पाएँ

## First events

welcome-nav = जोड़ें
welcome-title = अपना पहला इवेंट भेजें
welcome-text = अपना Mixpanel SDK वही रखें। बस वह पता बदलें जहाँ वह भेजता है; बाकी सब वैसा ही रहता है।
welcome-keys = आपका प्रोजेक्ट
welcome-address = सर्वर का पता
welcome-token = प्रोजेक्ट टोकन
welcome-snippets = चिपकाने के लिए तैयार
copy-address = सर्वर का पता कॉपी करें
copy-token = प्रोजेक्ट टोकन कॉपी करें
copy-snippet = कोड कॉपी करें
snippet-browser = ब्राउज़र
snippet-browser-note = mixpanel-browser पहले की तरह इस्तेमाल करें। केवल api_host नया है।
snippet-python = Python
snippet-python-note = आधिकारिक mixpanel पैकेज, जिसका consumer यहाँ भेजता है।
snippet-node = Node.js
snippet-node-note = आधिकारिक mixpanel पैकेज। होस्ट और प्रोटोकॉल यहाँ की ओर हैं।
snippet-curl = curl
snippet-curl-note = बिना किसी SDK के: सादे JSON में एक इवेंट। जवाब बताता है कि वह स्वीकार हुआ या नहीं।
arrival-waiting = पहले इवेंट का इंतज़ार
arrival-hint = यह पेज सुन रहा है। कोई एक उदाहरण चलाएँ और यह हरा हो जाएगा।
arrival-refused = { $count ->
    [one] { $count } इवेंट आया और हटा दिया गया।
   *[other] { $count } इवेंट आए और हटा दिए गए।
}
arrival-why = कारण देखें
arrival-done = इवेंट आ रहे हैं
arrival-first = पहला इवेंट: { $at }
arrival-live = उन्हें लाइव देखें
arrival-insights = सवाल पूछें
promises-title = आप जो भेजते हैं उसका क्या होता है
promise-seal = कुछ भी सहेजने से पहले नाम, ई-मेल पते और आईडी सीलबंद कर दिए जाते हैं।
promise-pseudonym = इवेंट पर एक छद्मनाम होता है। रिपोर्ट कभी नहीं दिखाती कि उसके पीछे कौन है।
promise-durable = जब SDK को “ok” मिलता है, इवेंट डिस्क पर होता है।

## Live

live-title = लाइव
live-text = आते हुए इवेंट, और वे जो लौटा दिए गए, कारण के साथ।
live-stream = इवेंट की धारा
live-connecting = जुड़ रहा है…
live-connected = आ रहे हैं
live-paused = रुका हुआ
live-pause = रोकें
live-resume = फिर चलाएँ
live-held = { $count } नए
live-missed = { $count } इतनी तेज़ी से आए कि यहाँ नहीं दिखे; वे सहेजे गए हैं।
live-show = दिखाएँ
live-show-all = सभी
live-show-accepted = स्वीकृत
live-show-dropped = हटाए गए
live-shown = दिखाए गए इवेंट: { $count }
live-unnamed = (बिना नाम)
live-never = अभी तक कुछ नहीं आया
live-never-text = जैसे ही कोई SDK इस सर्वर को पहला इवेंट भेजेगा, वह एक सेकंड में यहाँ दिखेगा।
live-never-on = तैयार उदाहरण लें
live-quiet = अभी शांति है
live-quiet-text = नए इवेंट यहाँ अपने आप दिखते हैं। पुराने विश्लेषण में हैं।
live-quiet-dropped = जब से यह पेज खुला है, कोई इवेंट नहीं हटाया गया।
detail-time = कब हुआ
detail-received = कब मिला
detail-person = व्यक्ति
detail-nobody = कोई नहीं
detail-place = जगह
detail-nowhere = अज्ञात
detail-reason = कारण
detail-field = फ़ील्ड
detail-sealed = { $kind } · सीलबंद
intake-rate = दर
intake-per-second = { $rate }/से
intake-rate-chart = पिछले एक मिनट में प्रति सेकंड इवेंट
intake-counts = सर्वर शुरू होने से
intake-accepted = स्वीकृत
intake-dropped = हटाए गए
intake-reasons = इवेंट क्यों हटाए गए
intake-none = कुछ भी नहीं हटाया गया।
example-none = कोई उदाहरण नहीं रखा गया है।

## Why an event was dropped, by the tags of the collector

reason-unknown-token = अज्ञात टोकन
reason-ignored = अनदेखा करने के लिए चिह्नित
reason-opted-out = ट्रैकिंग से इनकार
reason-missing-token = टोकन नहीं है
reason-not-an-object = JSON ऑब्जेक्ट नहीं है
reason-missing-name = इवेंट का नाम नहीं है
reason-bad-properties = प्रॉपर्टी पढ़ी नहीं जा सकीं
reason-too-many-properties = बहुत अधिक प्रॉपर्टी
reason-too-deep = बहुत गहरी संरचना
reason-property-too-large = एक प्रॉपर्टी बहुत बड़ी है
reason-record-too-large = इवेंट बहुत बड़ा है
reason-missing-time = समय नहीं है
reason-bad-time = समय पढ़ा नहीं जा सका
reason-too-old = बहुत पुराना
reason-in-the-future = भविष्य का
reason-missing-distinct-id = distinct id नहीं है
reason-bad-distinct-id = distinct id अमान्य है
reason-missing-insert-id = insert id नहीं है
reason-bad-insert-id = insert id अमान्य है
reason-missing-group = समूह नहीं है
reason-no-operator = क्रिया नहीं है
reason-bad-operator = अज्ञात क्रिया

## Insights

insights-title = विश्लेषण
any-event = कोई भी इवेंट
builder = सवाल
builder-what = क्या
builder-add-metric = मीट्रिक जोड़ें
builder-who = कौन
builder-add-filter = फ़िल्टर जोड़ें
builder-split = इसके अनुसार बाँटें
builder-split-by = प्रॉपर्टी के अनुसार बाँटें
builder-no-split = न बाँटें
combobox-none = कुछ नहीं मिला
metric = मीट्रिक { $letter }
metric-event = इवेंट
metric-event-choose = इवेंट चुनें
metric-event-remove = इवेंट { $event } हटाएँ
metric-or = या कोई और इवेंट
metric-measurement = माप का तरीका
metric-property = मापी गई प्रॉपर्टी
metric-property-choose = प्रॉपर्टी चुनें
metric-remove = मीट्रिक { $letter } हटाएँ
metric-of-event = { $events }: { $measurement }
metric-of-property = { $events }: { $property } · { $measurement }
measure-total = कुल इवेंट
measure-unique = अलग-अलग लोग
measure-average = प्रति व्यक्ति इवेंट
measure-sum = योग
measure-mean = औसत
measure-median = माध्यिका
measure-p90 = 90वाँ पर्सेंटाइल
measure-min = न्यूनतम
measure-max = अधिकतम
measure-distinct = अलग-अलग मान
filter-row = फ़िल्टर { $property }
filter-property = प्रॉपर्टी
filter-property-choose = प्रॉपर्टी चुनें
filter-operator = शर्त
filter-value = मान
filter-value-choose = मान
filter-value-remove = मान { $value } हटाएँ
filter-remove = फ़िल्टर { $property } हटाएँ
operator-is = है
operator-not = नहीं है
operator-has = में शामिल है
operator-lacks = में शामिल नहीं है
operator-gt = से अधिक है
operator-gte = कम से कम है
operator-lt = से कम है
operator-lte = अधिक से अधिक है
operator-set = मौजूद है
operator-unset = मौजूद नहीं है
sensitivity-coarse = मोटा
sensitivity-personal = निजी
sensitivity-identifier = पहचान
touches = यह रिपोर्ट किसे छूती है
touches-unknown = अभी कोई उत्तर नहीं।
touches-people = { $people ->
    [one] { $people } व्यक्ति के इवेंट।
   *[other] { $people } लोगों के इवेंट।
}
touches-no-personal = कोई निजी प्रॉपर्टी नहीं। सभी लोग छद्मनाम में रहते हैं।
touches-personal = { $count ->
    [one] सीलबंद प्रॉपर्टी: { $properties }। केवल उसका होना गिना जाता है, उसका मान कभी नहीं।
   *[other] सीलबंद प्रॉपर्टी: { $properties }। केवल उनका होना गिना जाता है, उनके मान कभी नहीं।
}
answer = उत्तर
answer-incomplete = एक हिस्सा बाकी है
answer-incomplete-text = वह प्रॉपर्टी चुनें जिसे मापना है।
answer-cancelled = रद्द किया गया
answer-nothing = कोई इवेंट मेल नहीं खाता
answer-nothing-range = इस अवधि में कुछ नहीं हुआ। लंबी अवधि आज़माएँ।
answer-nothing-filters = सभी फ़िल्टर मिलकर कुछ नहीं छोड़ते।
answer-without-filters = फ़िल्टर हटाएँ
range = अवधि
range-last-days = { $days ->
    [1] आज
    [365] पिछले 12 महीने
   *[other] पिछले { $days } दिन
}
range-own = अपनी तारीख़ें
range-from = से
range-to = तक
granularity = चरण
granularity-minute = मिनट के अनुसार
granularity-hour = घंटे के अनुसार
granularity-day = दिन के अनुसार
granularity-week = सप्ताहवार
granularity-month = महीनेवार
granularity-quarter = तिमाही
chart-kind = चार्ट का प्रकार
chart-line = समय के साथ रेखाएँ
chart-bar = योग की पट्टियाँ
chart-label = समय के साथ { $metrics }
chart-point = समय का बिंदु
chart-incomplete = { $bucket } (अभी जारी)
segment-all = सभी
segment-others = बाकी सभी ({ $count })
segment-unset = (मौजूद नहीं)
segment-empty = (खाली)
table = चार्ट के पीछे के आँकड़े
table-series = शृंखला
table-total = कुल
made = यह कैसे बना
made-range = { $from } – { $to }
made-zone = समय क्षेत्र { $zone }
made-rows = { $rows } इवेंट { $took } मि.से. में पढ़े गए
made-fresh = सबसे नया इवेंट { $at }
made-no-event = अभी कोई इवेंट नहीं
made-rules = नियम { $rules }

## About

about-title = Bulkhead के बारे में
about-text = आपके अपने सर्वर पर प्रोडक्ट विश्लेषण, बिना किसी का नाम लिए।
about-version = संस्करण
about-licence = लाइसेंस
about-licences = भीतर की हर चीज़ के लाइसेंस
about-data = दूसरों से मिला डेटा
