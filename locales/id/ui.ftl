### Text of the web app. Every language has the same keys and the same placeholders; a test says so.

app-name = Bulkhead
page-title = { $page } · Bulkhead
skip = Langsung ke isi
nav-main = Navigasi utama
project = Proyek
language = Bahasa
theme = Tema
theme-system = Ikuti sistem
theme-light = Terang
theme-dark = Gelap
menu = Menu
menu-version = Versi { $version }
sign-out = Keluar
copy = Salin
copied = Tersalin
close = Tutup
cancel = Batal
loading = Memuat…
or = atau

## Keyboard

keys-title = Pintasan papan ketik
keys-new = Laporan baru
keys-pause = Jeda atau lanjutkan siaran langsung
keys-list = Daftar ini
keys-on = Gunakan pintasan satu tombol

## Failures

failure-unreachable = Server tidak dapat dihubungi.
failure-request = Permintaan { $id }
failure-again = Coba lagi
failure-stale = Halaman ini tidak dapat dimuat. Muat ulang: server mungkin baru diperbarui.
missing-title = Halaman ini tidak ada
missing-text = Alamatnya mungkin salah ketik, atau milik versi lain.
missing-home = Ke halaman awal

## Signing in

signin-title = Masuk
signin-text = Bulkhead tidak punya kata sandi yang bisa dicuri. Anda masuk dengan tautan sekali pakai: buka tautan yang dicetak init saat server ini disiapkan.
signin-again = Sudah terpakai, atau hilang? Di server, perintah ini mencetak yang baru:
signin-why = Sebuah tautan hanya berlaku sekali dan kedaluwarsa dalam waktu singkat.
signin-already = Anda masuk sebagai { $name }.
signin-on = Lanjutkan
copy-command = Salin perintah
enrol-title = Sedang masuk
enrol-busy = Memeriksa tautan sekali pakai…
enrol-failed = Sebuah tautan hanya berlaku sekali dan sebentar. Buat yang baru lalu buka di sini.
enrol-how = Cara mendapatkan tautan baru

## First events

welcome-nav = Hubungkan
welcome-title = Kirim peristiwa pertama Anda
welcome-text = Tetap gunakan SDK Mixpanel Anda. Ganti alamat tujuannya; selebihnya tidak berubah.
welcome-keys = Proyek Anda
welcome-address = Alamat server
welcome-token = Token proyek
welcome-snippets = Siap ditempel
copy-address = Salin alamat server
copy-token = Salin token proyek
copy-snippet = Salin kode
snippet-browser = Peramban
snippet-browser-note = Pakai mixpanel-browser seperti biasa. Hanya api_host yang baru.
snippet-python = Python
snippet-python-note = Paket mixpanel resmi, dengan consumer yang mengirim ke sini.
snippet-node = Node.js
snippet-node-note = Paket mixpanel resmi. Host dan protokolnya mengarah ke sini.
snippet-curl = curl
snippet-curl-note = Tanpa SDK sama sekali: satu peristiwa dalam JSON biasa. Jawabannya menyatakan diterima atau tidak.
arrival-waiting = Menunggu peristiwa pertama
arrival-hint = Halaman ini menyimak. Jalankan salah satu contoh dan ia akan menjadi hijau.
arrival-refused = { $count } peristiwa masuk dan ditolak.
arrival-why = Lihat alasannya
arrival-done = Peristiwa berdatangan
arrival-first = Peristiwa pertama: { $at }
arrival-live = Lihat langsung
arrival-insights = Ajukan pertanyaan
promises-title = Apa yang terjadi pada kiriman Anda
promise-seal = Nama, alamat e-mail, dan id disegel sebelum apa pun disimpan.
promise-pseudonym = Setiap peristiwa membawa nama samaran. Laporan tidak pernah menunjukkan siapa di baliknya.
promise-durable = Saat SDK menerima “ok”, peristiwa sudah ada di diska.

## Live

live-title = Langsung
live-text = Peristiwa saat tiba, juga yang ditolak beserta alasannya.
live-stream = Aliran peristiwa
live-connecting = Menghubungkan…
live-connected = Menerima
live-paused = Dijeda
live-pause = Jeda
live-resume = Lanjutkan
live-held = { $count } baru
live-missed = { $count } tiba lebih cepat daripada yang ditampilkan; semuanya tersimpan.
live-show = Tampilkan
live-show-all = Semua
live-show-accepted = Diterima
live-show-dropped = Ditolak
live-shown = Peristiwa yang ditampilkan: { $count }
live-unnamed = (tanpa nama)
live-never = Belum ada yang tiba
live-never-text = Begitu sebuah SDK mengirim peristiwa pertama ke server ini, ia muncul di sini dalam satu detik.
live-never-on = Ambil contoh siap pakai
live-quiet = Sedang sepi
live-quiet-text = Peristiwa baru muncul di sini dengan sendirinya. Yang lebih lama ada di Analisis.
live-quiet-dropped = Tidak ada peristiwa yang ditolak selama halaman ini terbuka.
detail-time = Terjadi
detail-received = Diterima
detail-person = Orang
detail-nobody = tidak ada
detail-place = Tempat
detail-nowhere = tidak diketahui
detail-reason = Alasan
detail-field = Bidang
detail-sealed = { $kind } · disegel
intake-rate = Laju
intake-per-second = { $rate }/dtk
intake-rate-chart = Peristiwa per detik selama satu menit terakhir
intake-counts = Sejak server dimulai
intake-accepted = Diterima
intake-dropped = Ditolak
intake-reasons = Mengapa peristiwa ditolak
intake-none = Tidak ada yang ditolak.
example-none = Tidak ada contoh yang disimpan.

## Why an event was dropped, by the tags of the collector

reason-unknown-token = Token tidak dikenal
reason-ignored = Ditandai untuk diabaikan
reason-opted-out = Menolak pelacakan
reason-missing-token = Tanpa token
reason-not-an-object = Bukan objek JSON
reason-missing-name = Tanpa nama peristiwa
reason-bad-properties = Properti tidak terbaca
reason-too-many-properties = Terlalu banyak properti
reason-too-deep = Bersarang terlalu dalam
reason-property-too-large = Sebuah properti terlalu besar
reason-record-too-large = Peristiwa terlalu besar
reason-missing-time = Tanpa waktu
reason-bad-time = Waktu tidak terbaca
reason-too-old = Terlalu lama
reason-in-the-future = Di masa depan
reason-missing-distinct-id = Tanpa distinct id
reason-bad-distinct-id = Distinct id tidak terpakai
reason-missing-insert-id = Tanpa insert id
reason-bad-insert-id = Insert id tidak terpakai
reason-missing-group = Tanpa grup
reason-no-operator = Tanpa operasi
reason-bad-operator = Operasi tidak dikenal

## Insights

insights-title = Analisis
any-event = Peristiwa apa pun
builder = Pertanyaan
builder-what = Apa
builder-add-metric = Tambah metrik
builder-who = Siapa
builder-add-filter = Tambah saringan
builder-split = Pecah menurut
builder-split-by = Pecah menurut properti
builder-no-split = Tidak dipecah
combobox-none = Tidak ada yang cocok
metric = Metrik { $letter }
metric-event = Peristiwa
metric-event-choose = Pilih peristiwa
metric-event-remove = Hapus peristiwa { $event }
metric-or = atau peristiwa lain
metric-measurement = Diukur sebagai
metric-property = Properti yang diukur
metric-property-choose = Pilih properti
metric-remove = Hapus metrik { $letter }
metric-of-event = { $events }: { $measurement }
metric-of-property = { $events }: { $measurement } dari { $property }
measure-total = Jumlah peristiwa
measure-unique = Orang unik
measure-average = Peristiwa per orang
measure-sum = Jumlah nilai
measure-mean = Rata-rata
measure-median = Median
measure-p90 = Persentil ke-90
measure-min = Terkecil
measure-max = Terbesar
measure-distinct = Nilai berbeda
filter-row = Saringan { $property }
filter-property = Properti
filter-property-choose = Pilih properti
filter-operator = Syarat
filter-value = Nilai
filter-value-choose = Nilai
filter-value-remove = Hapus nilai { $value }
filter-remove = Hapus saringan { $property }
operator-is = adalah
operator-not = bukan
operator-has = memuat
operator-lacks = tidak memuat
operator-gt = lebih dari
operator-gte = paling sedikit
operator-lt = kurang dari
operator-lte = paling banyak
operator-set = terisi
operator-unset = tidak terisi
sensitivity-coarse = kasar
sensitivity-personal = pribadi
sensitivity-identifier = pengenal
touches = Laporan ini menyentuh
touches-unknown = Belum ada jawaban.
touches-people = Peristiwa dari { $people } orang.
touches-no-personal = Tanpa properti pribadi. Semua orang tetap bernama samaran.
touches-personal = { $count ->
   *[other] Properti tersegel: { $properties }. Hanya keberadaannya yang dihitung, tidak pernah nilainya.
}
answer = Jawaban
answer-incomplete = Satu bagian belum ada
answer-incomplete-text = Pilih properti yang akan diukur.
answer-cancelled = Dibatalkan
answer-nothing = Tidak ada peristiwa yang cocok
answer-nothing-range = Tidak terjadi apa-apa dalam rentang ini. Coba yang lebih panjang.
answer-nothing-filters = Bersama-sama, saringan tidak menyisakan apa pun.
answer-without-filters = Hapus semua saringan
range = Rentang
range-last-days = { $days ->
    [1] Hari ini
    [365] 12 bulan terakhir
   *[other] { $days } hari terakhir
}
range-own = Tanggal sendiri
range-from = Dari
range-to = Sampai
granularity = Langkah
granularity-minute = Per menit
granularity-hour = Per jam
granularity-day = Per hari
granularity-week = Per minggu
granularity-month = Per bulan
granularity-quarter = Per kuartal
chart-kind = Jenis grafik
chart-line = Garis sepanjang waktu
chart-bar = Batang jumlah
chart-label = { $metrics } sepanjang waktu
chart-point = Titik waktu
chart-incomplete = { $bucket } (belum selesai)
segment-all = Semua
segment-others = Semua lainnya ({ $count })
segment-unset = (tidak terisi)
segment-empty = (kosong)
table = Angka di balik grafik
table-series = Seri
table-total = Jumlah
made = Cara memperolehnya
made-range = { $from } – { $to }
made-zone = zona { $zone }
made-rows = { $rows } peristiwa dibaca dalam { $took } md
made-fresh = peristiwa terbaru { $at }
made-no-event = belum ada peristiwa
made-rules = aturan { $rules }

## About

about-title = Tentang Bulkhead
about-text = Analitik produk di server Anda sendiri, tanpa nama siapa pun.
about-version = Versi
about-licence = Lisensi
about-licences = Lisensi semua isinya
about-data = Data dari pihak lain
