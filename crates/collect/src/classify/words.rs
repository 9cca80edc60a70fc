//! Lists of words by which names of properties and parts of URLs are read.

use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// A list that is written as a text and asked as a set.
pub(super) type WordList = LazyLock<FxHashSet<&'static str>>;

macro_rules! words {
    ($words:literal) => {
        LazyLock::new(|| $words.split_ascii_whitespace().collect())
    };
}

// Names of persons.

/// Names that are as often something else. Two of them side by side are not believed to be a person.
pub(super) static EVERYDAY: WordList = words!(
    "
    all alpha amber angel april arch aren art august aurora austin autumn baker ban bank banks bar baron
    barn beach bean beck bell berg berry best bill birch bird bishop black block blue bond booker boss
    bow boy brand bright britain brook brooks brown bruno buck bug bush butler cable camp cannon canon
    carbon card case cash chance chandler chapel chase cherry china christian christmas church city
    clay click close coffey cola cole colt constant cook cookie cool cooper coral cotton council count
    court crane cream cross crystal currency customer dale dark darwin data date dawn day dean dear dell
    destiny dev dollar drake driver dry duke east easter eden edge egypt else ember england english
    eve event ever fair faith falcon fall farm farmer fay felt field fields fish fisher flip flood floor
    flow flower ford forest fox france frank free french friend frost garden gates gem general genesis
    georgia german gift gold golden good grace grand grant gray green grey grove guy hall hand harbor
    hardy has haven hay hazel head heart heather heaven hero hide high hill holiday holland holly home
    honor hood hope horn house hunt hunter hurt idea india iris iron island israel ivory ivy jack jade
    jane japan jasmine jet job jordan joy july june jungle justice kelvin key keys king kings kitchen
    knight lake lamb lane lang large law laws lee legend len leo liberty light lily lima line link lion
    little local logan london long lot love low lucky lux mac magic major man manual march mark marker
    marks marsh mason master max may meadow melody menu mercury mercy merit meta mexico miami milan mild
    mill mint misty mobile monday money moon moore morning moss mount music myth nation new nice night
    nightingale noble noon nord north nova null ocean olive olympia orange orchid order otter owner ox
    pace page paige palm paper param paris park parker parks patience peach pearl peer penny pepper
    phoenix pike pin pine plan pond poppy porter post potter power prairie press price prime prince
    princess promise queen quick rain ram ray read red reed reef reserve rhode rice rich river rivers
    road robin rock roman rome root rose ross royal ruby rush rusty sable safe sage said sail sale
    salem sales salt samsung sand sands santa saturday savannah say school scott sea season sep shade
    shadow shah sharp shell shop short show silver singer sky skipped small smart snow sonic song south
    spain sparrow spring star stark steel stella sterling stone storm strange street strong sugar summer
    sun sunday sunny sunset swan sweet swift sydney tab table tag talent tar team temple term terra test
    thunder ties tiger time top tower town trace track trail travis treasure tree trinity trip true
    twin unity user val valencia valentine valid valley van venice venus vera victoria victory view
    village violet virginia vision wade walker wall wang warm washington water waters wave way web week
    welch well wells west white wild will willow win wind winter wise wish wolf wonder wood woods word
    work world worth year york young zen zip
    "
);

/// Small words inside of names.
pub(super) static PARTICLE: WordList = words!(
    "de da do dos das del della di la le van von der den ten ter bin bint ibn binti al el abu abd af av zu y e i san santa st mac mc"
);

// Names of properties.

/// Things whose proper names may sound like a person's.
pub(super) static PROPER: WordList = words!(
    "
    city region country state province county district place location venue timezone zone product products brand
    company organization organisation org vendor store shop artist album song track movie film show title book
    team league character model carrier make restaurant hotel airport station school university hospital browser os
    device font theme color colour template agent lib library sku item items category industry
    "
);

/// Words that make a name ask, count or describe: `has_email`, `email_count`, `phone_type`.
pub(super) static ABOUT: WordList = words!(
    "
    is has had can should did does was were via by with without count counts num total sum avg max min
    type types template campaign subject status state verified confirmed valid invalid enabled disabled
    opt opted optin optout subscribed unsubscribed consent sent opened clicked delivered bounced send
    provider format length size changed updated created method source channel frequency required missing
    present exists strength error errors attempts expired expires expiry reset visible shown brand os
    model platform policy version category level limit usage used preference notifications notification
    "
);

/// Words before a name or id that make it a person's.
pub(super) static PERSON: WordList = words!(
    "
    user users customer customers client member members person people profile owner author creator
    sender recipient receiver contact contacts lead subscriber student teacher parent child guardian
    driver rider passenger guest host patient doctor physician employee staff worker manager admin
    administrator agent assignee assigner invitee inviter attendee participant player holder cardholder
    accountholder payee payer beneficiary buyer seller shopper traveler traveller tenant landlord
    visitor follower friend spouse partner referrer referer referral reporter reviewer approver actor
    viewer caller candidate applicant borrower insured voter donor citizen identity identified anonymous
    anon external distinct advertising ad crm salesforce stripe intercom hubspot zendesk firebase auth0
    okta cognito clerk facebook google apple twitter linkedin github slack telegram whatsapp instagram
    discord tiktok snapchat wechat line skype device customerio braze segment amplitude mixpanel vendor
    idfa gaid muid billing shipping signer signatory nominee husband wife mother father son daughter
    emergency legal account
    "
);

/// The part of a person's name that a word before *name* says.
pub(super) static NAME_PART: WordList = words!(
    "
    first last full middle nick given family sur display real maiden birth screen preferred pen sir fore
    login whole complete my your his her their christian
    "
);

/// Things with names and ids: inside of an object so called, `name` and `id` are the thing's.
pub(super) static THING: WordList = words!(
    "
    event page product products plan plans experiment variant feature features flag campaign item items
    cart order orders category brand store shop app application screen view button element form field
    widget component module project workspace team company organization organisation org group role
    course lesson chapter video song track album playlist file folder document template board task
    ticket issue report dashboard chart query table column dataset model version release build branch
    repository repo commit pipeline job session request response trace span transaction payment invoice
    subscription coupon promotion promo discount offer deal list collection section tab menu step funnel
    flow modal banner popup city country region state place location venue hotel restaurant airport
    station game match tournament quest achievement badge character weapon map server node cluster
    service endpoint api method function class package library plugin extension theme language locale
    currency tag label topic channel thread message notification email sms survey question answer quiz
    test cohort audience segment ad adset creative keyword placement network publisher media medium
    source os browser device sku barcode ean upc gtin isbn asin shipment delivery tracking warehouse
    batch lot vehicle car trip ride route flight booking reservation room bed property listing article
    post comment blog story episode show movie book recipe meal workout exercise program domain site
    website environment env stage tier bundle gift reward challenge mission level replay correlation
    operation process run execution deployment image container pod zone log error exception crash policy
    contract lease quote claim case incident schema parent root conversation chat call meeting stream
    broadcast layout slot bucket queue click impression conversion checkout basket wishlist connector
    integration webhook color colour size style material icon asset set object entity content block
    index shard partition instance host machine agent tool skill prompt completion
    "
);

/// Words before the point that say nothing about it.
pub(super) static MODIFIER: WordList = words!(
    "
    initial current new old previous prev original primary secondary alt alternate alternative backup
    the my your mp raw latest lower normalized default other input entered typed work home personal
    private business main
    "
);

/// Words behind the point that say nothing about it.
pub(super) static TRAILER: WordList = words!(
    "
    value raw text input field str string lower normalized plain clear
    "
);

// URLs.

/// Query parameters whose values say what was looked at, not who looked.
pub(super) static PLAIN_PARAMETERS: WordList = words!(
    "
    ref source src medium campaign page p per_page tab lang language locale hl l sort sort_by sortby
    order order_by direction dir view mode type category cat section step plan tier period interval
    billing currency country region theme layout format filter status state_filter color colour size
    brand variant version v limit offset start end from_page product feature topic level platform os
    device_type env action event experiment flag promo coupon channel network placement creative
    ad_format matchtype gad_source fr tag tags department style material gender rating price min max
    min_price max_price in_stock availability year month week day unit granularity metric chart group_by
    onboarding trial success error reason result display expand
    "
);

/// Segments behind which a person's id or name stands.
pub(super) static PEOPLE: WordList = words!(
    "
    user users u people person persons profile profiles member members customer customers contact
    contacts account accounts author authors employee employees staff student students teacher teachers
    patient patients doctor doctors friend friends client clients guest guests subscriber subscribers
    follower followers driver drivers lead leads candidate candidates applicant applicants seller
    sellers buyer buyers host hosts owner owners owned-by created-by assignee in uid userid user-id
    user_id player players identify by email phone tenant tenants participant participants attendee
    attendees channel by-email by-name name id
    "
);

/// Segments behind which something stands that lets its bearer in.
pub(super) static OPENERS: WordList = words!(
    "
    reset reset-password password-reset password verify verification verify-email confirm confirmation
    activate activation invite invites invitation invitations unsubscribe magic magic-link token tokens
    share shared s join auth login sso callback hooks webhook webhooks services secret key keys apikey
    "
);

/// What follows a segment of people without being one.
pub(super) static PAGES: WordList = words!(
    "
    settings setting new edit list me all search invite login signin sign-in signup sign-up register
    logout index overview billing security notifications preferences password delete create import
    export roles role groups teams team details dashboard home orders subscriptions subscription
    activity about privacy help support plans upgrade payment payments methods history wishlist
    favorites addresses info general api apps integrations devices sessions verification onboarding
    permissions access audit usage active inactive pending archived add update view show manage admin us
    sales form thanks success personal business avatar picture photo index.html index.php
    "
);
