### Text of the web app. Every language has the same keys and the same placeholders; a test says so.

app-name = Bulkhead
page-title = { $page } · Bulkhead
skip = انتقل إلى المحتوى
nav-main = التنقل الرئيسي
project = المشروع
language = اللغة
theme = المظهر
theme-system = مثل النظام
theme-light = فاتح
theme-dark = داكن
menu = القائمة
menu-version = الإصدار { $version }
sign-out = تسجيل الخروج
copy = نسخ
copied = تم النسخ
close = إغلاق
cancel = إلغاء
loading = جارٍ التحميل…
or = أو

## Keyboard

keys-title = اختصارات لوحة المفاتيح
keys-new = تقرير جديد
keys-pause = إيقاف البث المباشر أو استئنافه
keys-list = هذه القائمة
keys-on = استخدام اختصارات المفتاح الواحد

## Failures

failure-unreachable = تعذّر الوصول إلى الخادم.
failure-request = الطلب { $id }
failure-again = أعد المحاولة
failure-stale = تعذّر تحميل هذه الصفحة. أعد تحميلها، فربما جرى تحديث الخادم.
missing-title = لا توجد صفحة كهذه
missing-text = قد يكون العنوان مكتوبًا خطأً أو تابعًا لإصدار آخر.
missing-home = إلى صفحة البداية

## Signing in

signin-title = تسجيل الدخول
signin-text = لا توجد في Bulkhead كلمات مرور يمكن سرقتها. يتم الدخول برابط يُستخدم مرة واحدة: افتح الرابط الذي طبعه أمر init عند إعداد هذا الخادم.
signin-again = هل استُخدم الرابط أو ضاع؟ يطبع هذا الأمر على الخادم رابطًا جديدًا:
signin-why = يعمل الرابط مرة واحدة وتنتهي صلاحيته بعد وقت قصير.
signin-already = أنت مسجّل الدخول باسم { $name }.
signin-on = متابعة
copy-command = نسخ الأمر
enrol-title = جارٍ تسجيل الدخول
enrol-busy = جارٍ التحقق من الرابط…
enrol-failed = يعمل الرابط مرة واحدة ولوقت قصير فقط. أنشئ رابطًا جديدًا وافتحه هنا.
enrol-how = كيف أحصل على رابط جديد

## First events

welcome-nav = الربط
welcome-title = أرسل أول حدث
welcome-text = احتفظ بحزمة Mixpanel كما هي. غيّر العنوان الذي ترسل إليه، وكل ما عداه يبقى على حاله.
welcome-keys = مشروعك
welcome-address = عنوان الخادم
welcome-token = رمز المشروع
welcome-snippets = جاهز للصق
copy-address = نسخ عنوان الخادم
copy-token = نسخ رمز المشروع
copy-snippet = نسخ الشيفرة
snippet-browser = المتصفح
snippet-browser-note = استخدم mixpanel-browser كالمعتاد. الجديد هو api_host وحده.
snippet-python = Python
snippet-python-note = حزمة mixpanel الرسمية مع وجهة إرسال إلى هنا.
snippet-node = Node.js
snippet-node-note = حزمة mixpanel الرسمية. المضيف والبروتوكول يشيران إلى هنا.
snippet-curl = curl
snippet-curl-note = من دون أي حزمة: حدث واحد بصيغة JSON. يخبرك الرد هل قُبل أم لا.
arrival-waiting = في انتظار أول حدث
arrival-hint = هذه الصفحة تنصت. شغّل أحد الأمثلة وستتحول إلى اللون الأخضر.
arrival-refused = { $count ->
    [zero] لم يُستبعد أي حدث.
    [one] وصل حدث واحد واستُبعد.
    [two] وصل حدثان واستُبعدا.
    [few] وصلت { $count } أحداث واستُبعدت.
    [many] وصل { $count } حدثًا واستُبعدت.
   *[other] وصل { $count } حدث واستُبعدت.
}
arrival-why = اعرف السبب
arrival-done = الأحداث تصل
arrival-first = أول حدث: { $at }
arrival-live = شاهدها مباشرة
arrival-insights = اطرح سؤالًا
promises-title = ماذا يحدث لما ترسله
promise-seal = تُختم الأسماء وعناوين البريد والمعرّفات قبل تخزين أي شيء.
promise-pseudonym = يحمل الحدث اسمًا مستعارًا. لا تُظهر التقارير أبدًا من يقف وراءه.
promise-durable = حين تتلقى الحزمة الرد بالقبول يكون الحدث محفوظًا على القرص.

## Live

live-title = مباشر
live-text = الأحداث لحظة وصولها، وتلك التي رُدّت مع ذكر السبب.
live-stream = سيل الأحداث
live-connecting = جارٍ الاتصال…
live-connected = يستقبل
live-paused = متوقف مؤقتًا
live-pause = إيقاف مؤقت
live-resume = استئناف
live-held = { $count } جديد
live-missed = وصل { $count } أسرع مما تعرضه الصفحة، وهي محفوظة.
live-show = عرض
live-show-all = الكل
live-show-accepted = المقبولة
live-show-dropped = المستبعدة
live-shown = عدد الأحداث المعروضة: { $count }
live-unnamed = (بلا اسم)
live-never = لم يصل شيء بعد
live-never-text = حالما يُرسَل أول حدث إلى هذا الخادم يظهر هنا خلال ثانية.
live-never-on = احصل على مثال جاهز
live-quiet = هدوء الآن
live-quiet-text = تظهر الأحداث الجديدة هنا تلقائيًا. الأحداث السابقة في صفحة التحليلات.
live-quiet-dropped = لم يُستبعد أي حدث منذ فتح هذه الصفحة.
detail-time = وقت الحدوث
detail-received = وقت الاستلام
detail-person = الشخص
detail-nobody = لا أحد
detail-place = المكان
detail-nowhere = غير معروف
detail-reason = السبب
detail-field = الحقل
detail-sealed = { $kind } · مختوم
intake-rate = المعدل
intake-per-second = { $rate }/ث
intake-rate-chart = الأحداث في الثانية خلال الدقيقة الأخيرة
intake-counts = منذ بدء الخادم
intake-accepted = المقبولة
intake-dropped = المستبعدة
intake-reasons = لماذا استُبعدت أحداث
intake-none = لم يُستبعد شيء.
example-none = لا يوجد مثال محفوظ.

## Why an event was dropped, by the tags of the collector

reason-unknown-token = رمز غير معروف
reason-ignored = موسوم للتجاهل
reason-opted-out = رفض التتبّع
reason-missing-token = بلا رمز
reason-not-an-object = ليس كائن JSON
reason-missing-name = بلا اسم حدث
reason-bad-properties = خصائص غير مقروءة
reason-too-many-properties = خصائص أكثر من اللازم
reason-too-deep = تداخل عميق جدًا
reason-property-too-large = خاصية كبيرة جدًا
reason-record-too-large = الحدث كبير جدًا
reason-missing-time = بلا وقت
reason-bad-time = وقت غير مقروء
reason-too-old = قديم جدًا
reason-in-the-future = في المستقبل
reason-missing-distinct-id = بلا معرّف مميّز
reason-bad-distinct-id = معرّف مميّز غير صالح
reason-missing-insert-id = بلا معرّف إدراج
reason-bad-insert-id = معرّف إدراج غير صالح
reason-missing-group = بلا مجموعة
reason-no-operator = بلا عملية
reason-bad-operator = عملية غير معروفة

## Insights

insights-title = التحليلات
any-event = أي حدث
builder = السؤال
builder-what = ماذا
builder-add-metric = أضف مقياسًا
builder-who = مَن
builder-add-filter = أضف مرشّحًا
builder-split = التقسيم حسب
builder-split-by = التقسيم حسب خاصية
builder-no-split = بلا تقسيم
combobox-none = لا توجد نتائج
metric = المقياس { $letter }
metric-event = الحدث
metric-event-choose = اختر حدثًا
metric-event-remove = إزالة الحدث { $event }
metric-or = أو حدث آخر
metric-measurement = طريقة القياس
metric-property = الخاصية المقيسة
metric-property-choose = اختر خاصية
metric-remove = إزالة المقياس { $letter }
metric-of-event = { $events }: { $measurement }
metric-of-property = { $events }: { $measurement } – { $property }
measure-total = مجموع الأحداث
measure-unique = عدد الأشخاص
measure-average = أحداث لكل شخص
measure-sum = المجموع
measure-mean = المتوسط
measure-median = الوسيط
measure-p90 = المئين 90
measure-min = الأدنى
measure-max = الأعلى
measure-distinct = القيم المختلفة
filter-row = المرشّح { $property }
filter-property = الخاصية
filter-property-choose = اختر خاصية
filter-operator = الشرط
filter-value = القيمة
filter-value-choose = القيمة
filter-value-remove = إزالة القيمة { $value }
filter-remove = إزالة المرشّح { $property }
operator-is = يساوي
operator-not = لا يساوي
operator-has = يحتوي على
operator-lacks = لا يحتوي على
operator-gt = أكبر من
operator-gte = لا يقل عن
operator-lt = أصغر من
operator-lte = لا يزيد على
operator-set = موجود
operator-unset = غير موجود
sensitivity-coarse = تقريبي
sensitivity-personal = شخصي
sensitivity-identifier = معرّف
touches = ما يمسّه هذا التقرير
touches-unknown = لا إجابة بعد.
touches-people = { $people ->
    [zero] لا يمسّ أحداث أي شخص.
    [one] أحداث شخص واحد.
    [two] أحداث شخصين.
    [few] أحداث { $people } أشخاص.
    [many] أحداث { $people } شخصًا.
   *[other] أحداث { $people } شخص.
}
touches-no-personal = لا خاصية شخصية. يبقى الجميع بأسماء مستعارة.
touches-personal = { $count ->
    [one] خاصية مختومة: { $properties }. يُحسب وجودها فقط ولا تُقرأ قيمتها أبدًا.
   *[other] خصائص مختومة: { $properties }. يُحسب وجودها فقط ولا تُقرأ قيمها أبدًا.
}
answer = الإجابة
answer-incomplete = ينقص جزء واحد
answer-incomplete-text = اختر الخاصية المراد قياسها.
answer-cancelled = أُلغي
answer-nothing = لا توجد أحداث مطابقة
answer-nothing-range = لم يحدث شيء في هذا المدى. جرّب مدى أطول.
answer-nothing-filters = المرشّحات مجتمعة لا تُبقي شيئًا.
answer-without-filters = إزالة المرشّحات
range = المدى
range-last-days = { $days ->
    [one] اليوم
    [two] آخر يومين
    [365] آخر 12 شهرًا
    [few] آخر { $days } أيام
    [many] آخر { $days } يومًا
   *[other] آخر { $days } يوم
}
range-own = تواريخ محددة
range-from = من
range-to = إلى
granularity = الخطوة
granularity-minute = بالدقيقة
granularity-hour = بالساعة
granularity-day = باليوم
granularity-week = بالأسبوع
granularity-month = بالشهر
granularity-quarter = بالربع
chart-kind = نوع الرسم
chart-line = خطوط عبر الزمن
chart-bar = أعمدة المجاميع
chart-label = { $metrics } عبر الزمن
chart-point = نقطة زمنية
chart-incomplete = { $bucket } (لم تنتهِ بعد)
segment-all = الكل
segment-others = البقية ({ $count })
segment-unset = (غير محدد)
segment-empty = (فارغ)
table = الأرقام وراء الرسم
table-series = السلسلة
table-total = المجموع
made = كيف حُسب هذا
made-range = { $from } – { $to }
made-zone = المنطقة { $zone }
made-rows = قُرئ { $rows } حدث في { $took } م.ث
made-fresh = أحدث حدث { $at }
made-no-event = لا أحداث بعد
made-rules = القواعد { $rules }

## About

about-title = عن Bulkhead
about-text = تحليلات المنتج على خادمك أنت، ومن دون أسماء.
about-version = الإصدار
about-licence = الرخصة
about-licences = رخص كل ما بداخله
about-data = بيانات من مصادر أخرى
