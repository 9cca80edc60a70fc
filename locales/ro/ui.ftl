### Text of the web app. Every language has the same keys and the same placeholders; a test says so.

app-name = Bulkhead
page-title = { $page } · Bulkhead
skip = Salt la conținut
nav-main = Navigare principală
project = Proiect
language = Limbă
theme = Temă
theme-system = Ca sistemul
theme-light = Luminoasă
theme-dark = Întunecată
menu = Meniu
menu-version = Versiunea { $version }
sign-out = Deconectare
copy = Copiază
copied = Copiat
close = Închide
cancel = Anulează
loading = Se încarcă…
or = sau

## Keyboard

keys-title = Scurtături de tastatură
keys-new = Raport nou
keys-pause = Oprește sau reia fluxul live
keys-list = Această listă
keys-on = Folosește scurtături cu o singură tastă

## Failures

failure-unreachable = Serverul nu poate fi contactat.
failure-request = Cererea { $id }
failure-again = Încearcă din nou
failure-stale = Pagina nu a putut fi încărcată. Reîncarc-o: poate că serverul a fost actualizat.
missing-title = Nu există o astfel de pagină
missing-text = Adresa poate fi scrisă greșit sau ține de altă versiune.
missing-home = La pagina de început

## Signing in

signin-title = Autentificare
signin-text = Bulkhead nu are parole care să poată fi furate. Te autentifici cu un link de unică folosință: deschide-l pe cel afișat de init la instalarea acestui server.
signin-again = L-ai folosit deja sau l-ai pierdut? Pe server, această comandă afișează unul nou:
signin-why = Un link funcționează o singură dată și expiră după scurt timp.
signin-already = Ești autentificat ca { $name }.
signin-on = Continuă
copy-command = Copiază comanda
enrol-title = Se face autentificarea
enrol-busy = Se verifică linkul de unică folosință…
enrol-failed = Un link funcționează o singură dată și doar scurt timp. Creează unul nou și deschide-l aici.
enrol-how = Cum obțin un link nou

## First events

welcome-nav = Conectare
welcome-title = Trimite primul eveniment
welcome-text = Păstrează SDK-ul Mixpanel. Schimbă adresa la care trimite; restul rămâne la fel.
welcome-keys = Proiectul tău
welcome-address = Adresa serverului
welcome-token = Tokenul proiectului
welcome-snippets = Gata de lipit
copy-address = Copiază adresa serverului
copy-token = Copiază tokenul proiectului
copy-snippet = Copiază codul
snippet-browser = Browser
snippet-browser-note = Folosește mixpanel-browser ca înainte. Doar api_host este nou.
snippet-python = Python
snippet-python-note = Pachetul oficial mixpanel, cu un consumer care trimite aici.
snippet-node = Node.js
snippet-node-note = Pachetul oficial mixpanel. Gazda și protocolul indică spre acest server.
snippet-curl = curl
snippet-curl-note = Fără niciun SDK: un eveniment în JSON simplu. Răspunsul spune dacă a fost acceptat.
arrival-waiting = Se așteaptă primul eveniment
arrival-hint = Pagina ascultă. Rulează unul dintre exemple și se va face verde.
arrival-refused = { $count ->
    [one] A sosit un eveniment și a fost respins.
    [few] Au sosit { $count } evenimente și au fost respinse.
   *[other] Au sosit { $count } de evenimente și au fost respinse.
}
arrival-why = Vezi de ce
arrival-done = Evenimentele sosesc
arrival-first = Primul eveniment: { $at }
arrival-live = Urmărește-le live
arrival-insights = Pune o întrebare
promises-title = Ce se întâmplă cu ce trimiți
promise-seal = Numele, adresele de e-mail și identificatorii sunt sigilate înainte de a se stoca ceva.
promise-pseudonym = Un eveniment poartă un pseudonim. Rapoartele nu arată niciodată cine se află în spatele lui.
promise-durable = Când SDK-ul primește „ok”, evenimentul este pe disc.

## Live

live-title = Live
live-text = Evenimentele pe măsură ce sosesc și cele respinse, cu motivul.
live-stream = Fluxul de evenimente
live-connecting = Se conectează…
live-connected = Se primește
live-paused = În pauză
live-pause = Pauză
live-resume = Reia
live-held = { $count } noi
live-missed = { $count } au sosit mai repede decât le arată pagina; sunt stocate.
live-show = Arată
live-show-all = Toate
live-show-accepted = Acceptate
live-show-dropped = Respinse
live-shown = Evenimente afișate: { $count }
live-unnamed = (fără nume)
live-never = Încă nu a sosit nimic
live-never-text = De îndată ce un SDK trimite primul eveniment la acest server, apare aici în cel mult o secundă.
live-never-on = Ia un exemplu gata făcut
live-quiet = Liniște acum
live-quiet-text = Evenimentele noi apar aici de la sine. Cele mai vechi sunt în Analize.
live-quiet-dropped = Niciun eveniment nu a fost respins cât timp pagina a fost deschisă.
detail-time = S-a petrecut
detail-received = Primit
detail-person = Persoană
detail-nobody = nimeni
detail-place = Loc
detail-nowhere = necunoscut
detail-reason = Motiv
detail-field = Câmp
detail-sealed = { $kind } · sigilat
intake-rate = Ritm
intake-per-second = { $rate }/s
intake-rate-chart = Evenimente pe secundă în ultimul minut
intake-counts = De la pornirea serverului
intake-accepted = Acceptate
intake-dropped = Respinse
intake-reasons = De ce au fost respinse
intake-none = Nimic nu a fost respins.
example-none = Nu se păstrează niciun exemplu.

## Why an event was dropped, by the tags of the collector

reason-unknown-token = Token necunoscut
reason-ignored = Marcat pentru a fi ignorat
reason-opted-out = A refuzat urmărirea
reason-missing-token = Fără token
reason-not-an-object = Nu este un obiect JSON
reason-missing-name = Fără nume de eveniment
reason-bad-properties = Proprietăți ilizibile
reason-too-many-properties = Prea multe proprietăți
reason-too-deep = Imbricare prea adâncă
reason-property-too-large = O proprietate este prea mare
reason-record-too-large = Evenimentul este prea mare
reason-missing-time = Fără oră
reason-bad-time = Oră ilizibilă
reason-too-old = Prea vechi
reason-in-the-future = În viitor
reason-missing-distinct-id = Fără distinct id
reason-bad-distinct-id = Distinct id inutilizabil
reason-missing-insert-id = Fără insert id
reason-bad-insert-id = Insert id inutilizabil
reason-missing-group = Fără grup
reason-no-operator = Fără operație
reason-bad-operator = Operație necunoscută

## Insights

insights-title = Analize
any-event = Orice eveniment
builder = Întrebare
builder-what = Ce
builder-add-metric = Adaugă o măsură
builder-who = Cine
builder-add-filter = Adaugă un filtru
builder-split = Împarte după
builder-split-by = Împarte după proprietate
builder-no-split = Nimic
combobox-none = Nimic nu se potrivește
metric = Măsura { $letter }
metric-event = Eveniment
metric-event-choose = Alege un eveniment
metric-event-remove = Elimină evenimentul { $event }
metric-or = sau alt eveniment
metric-measurement = Măsurat ca
metric-property = Proprietatea măsurată
metric-property-choose = Alege o proprietate
metric-remove = Elimină măsura { $letter }
metric-of-event = { $events }: { $measurement }
metric-of-property = { $events }: { $measurement } pentru { $property }
measure-total = Total evenimente
measure-unique = Persoane unice
measure-average = Evenimente pe persoană
measure-sum = Sumă
measure-mean = Medie
measure-median = Mediană
measure-p90 = Percentila 90
measure-min = Minim
measure-max = Maxim
measure-distinct = Valori distincte
filter-row = Filtrul { $property }
filter-property = Proprietate
filter-property-choose = Alege o proprietate
filter-operator = Condiție
filter-value = Valoare
filter-value-choose = Valoare
filter-value-remove = Elimină valoarea { $value }
filter-remove = Elimină filtrul { $property }
operator-is = este
operator-not = nu este
operator-has = conține
operator-lacks = nu conține
operator-gt = este mai mare decât
operator-gte = este cel puțin
operator-lt = este mai mic decât
operator-lte = este cel mult
operator-set = este setată
operator-unset = nu este setată
sensitivity-coarse = aproximativ
sensitivity-personal = personal
sensitivity-identifier = identificator
touches = Acest raport atinge
touches-unknown = Încă niciun răspuns.
touches-people = { $people ->
    [one] Evenimentele unei persoane.
    [few] Evenimentele a { $people } persoane.
   *[other] Evenimentele a { $people } de persoane.
}
touches-no-personal = Nicio proprietate personală. Toți rămân sub pseudonim.
touches-personal = { $count ->
    [one] O proprietate sigilată: { $properties }. Se numără doar că există, niciodată valoarea ei.
   *[other] Proprietăți sigilate: { $properties }. Se numără doar că există, niciodată valorile lor.
}
answer = Răspuns
answer-incomplete = Lipsește o parte
answer-incomplete-text = Alege proprietatea care trebuie măsurată.
answer-cancelled = Anulat
answer-nothing = Niciun eveniment nu se potrivește
answer-nothing-range = Nu s-a întâmplat nimic în acest interval. Încearcă unul mai lung.
answer-nothing-filters = Împreună, filtrele nu lasă nimic.
answer-without-filters = Elimină filtrele
range = Interval
range-last-days = { $days ->
    [one] Astăzi
    [365] Ultimele 12 luni
    [few] Ultimele { $days } zile
   *[other] Ultimele { $days } de zile
}
range-own = Date alese
range-from = De la
range-to = Până la
granularity = Pas
granularity-minute = Pe minut
granularity-hour = Pe oră
granularity-day = Pe zi
granularity-week = Pe săptămână
granularity-month = Pe lună
granularity-quarter = Pe trimestru
chart-kind = Tipul graficului
chart-line = Linii în timp
chart-bar = Bare cu totaluri
chart-label = { $metrics } în timp
chart-point = Moment
chart-incomplete = { $bucket } (încă în curs)
segment-all = Toate
segment-others = Toate celelalte ({ $count })
segment-unset = (nesetat)
segment-empty = (gol)
table = Numerele din spatele graficului
table-series = Serie
table-total = Total
made = Cum a fost obținut
made-range = { $from } – { $to }
made-zone = fusul { $zone }
made-rows = { $rows } evenimente citite în { $took } ms
made-fresh = cel mai nou eveniment { $at }
made-no-event = încă niciun eveniment
made-rules = reguli { $rules }

## About

about-title = Despre Bulkhead
about-text = Analiză de produs pe propriul server, fără să fie numit nimeni.
about-version = Versiune
about-licence = Licență
about-licences = Licențele a tot ce conține
about-data = Date de la alții
