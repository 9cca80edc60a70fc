//! Browser and system out of a user agent, spelled as Mixpanel's browser SDK spells them, so that one
//! breakdown holds both.

use rustc_hash::FxHashMap;
use std::sync::{LazyLock, PoisonError, RwLock};
use ua_parser::{Regexes, os, user_agent};

/// Rules of uap-core for browsers and systems; see data/SOURCES.md.
static RULES: &str = include_str!("../../../../data/user-agents.json");
/// Most user agents whose answer is remembered. A busy site has some ten thousand.
const MOST_REMEMBERED: usize = 8_192;
/// Longest part of a user agent that is looked at: what is behind it is padding, or worse.
const LONGEST_AGENT: usize = 512;

struct Rules {
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
}

/// Compiled at the first question: a project whose SDKs parse for themselves never asks.
static COMPILED: LazyLock<Rules> = LazyLock::new(|| {
    let rules: Regexes<'static> = serde_json::from_str(RULES).expect("the rules were checked by a test");
    let browsers =
        rules.user_agent_parsers.into_iter().try_fold(user_agent::Builder::new(), |b, rule| b.push(rule));
    let systems = rules.os_parsers.into_iter().try_fold(os::Builder::new(), |b, rule| b.push(rule));
    Rules {
        browsers: browsers
            .expect("the rules were checked by a test")
            .build()
            .expect("the rules were checked by a test"),
        systems: systems
            .expect("the rules were checked by a test")
            .build()
            .expect("the rules were checked by a test"),
    }
});

/// What a user agent tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agent {
    /// `$browser`
    pub browser: Option<String>,
    /// `$browser_version`: major and minor, a number as the browser SDK sends it.
    pub browser_version: Option<f64>,
    /// `$os`
    pub os: Option<String>,
    /// `$device`
    pub device: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Agents(RwLock<FxHashMap<Box<str>, Agent>>);

impl Agents {
    pub(super) fn parse(&self, user_agent: &str) -> Agent {
        let agent = &user_agent[..user_agent.floor_char_boundary(LONGEST_AGENT)];
        if agent.is_empty() {
            return Agent::default();
        }
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(agent) {
            return known.clone();
        }
        let parsed = parse(agent);
        let mut remembered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Begun anew when full: agents change slowly, and the busy ones are back at once.
        if remembered.len() >= MOST_REMEMBERED {
            remembered.clear();
        }
        remembered.insert(agent.into(), parsed.clone());
        parsed
    }
}

fn parse(agent: &str) -> Agent {
    let browser = COMPILED.browsers.extract(agent);
    let system = COMPILED.systems.extract(agent);
    let os = system.map(|system| spelled_os(&system.os));
    let version = browser.as_ref().and_then(|browser| {
        let minor = browser.minor.unwrap_or("0");
        format!("{}.{minor}", browser.major?).parse().ok()
    });
    Agent {
        browser: browser
            .map(|browser| spelled_browser(&browser.family, agent))
            .filter(|name| name != "Other"),
        browser_version: version,
        device: device(agent).map(str::to_owned),
        os: os.filter(|name| name != "Other"),
    }
}

fn spelled_browser(family: &str, agent: &str) -> String {
    match family {
        "Chrome Mobile" | "Chrome Mobile WebView" | "Chromium" | "HeadlessChrome" => "Chrome",
        "Chrome Mobile iOS" => "Chrome iOS",
        "Firefox Mobile" => "Firefox",
        "Firefox iOS" => "Firefox iOS",
        "Edge" | "Edge Mobile" => "Microsoft Edge",
        "IE" => "Internet Explorer",
        "IE Mobile" => "Internet Explorer Mobile",
        "Opera Mobile" | "Opera" | "Opera GX" => "Opera",
        "UC Browser" => "UC Browser",
        "Android" => "Android Mobile",
        "Facebook" | "Facebook Messenger" => "Facebook Mobile",
        "Whale" => "Whale Browser",
        "Mobile Safari" | "Mobile Safari UI/WKWebView" => "Mobile Safari",
        "Safari" if agent.contains("Mobile") => "Mobile Safari",
        "BlackBerry WebKit" => "BlackBerry",
        other => other,
    }
    .to_owned()
}

fn spelled_os(family: &str) -> String {
    match family {
        "Mac OS X" | "Mac OS" | "macOS" => "Mac OS X",
        "Ubuntu" | "Debian" | "Fedora" | "Red Hat" | "CentOS" | "SUSE" | "Arch Linux" | "Linux Mint" => {
            "Linux"
        }
        "BlackBerry OS" | "BlackBerry Tablet OS" => "BlackBerry",
        other => other,
    }
    .to_owned()
}

/// As the browser SDK decides it.
fn device(agent: &str) -> Option<&'static str> {
    const DEVICES: [(&str, &str); 6] = [
        ("Windows Phone", "Windows Phone"),
        ("iPad", "iPad"),
        ("iPod", "iPod Touch"),
        ("iPhone", "iPhone"),
        ("BlackBerry", "BlackBerry"),
        ("Android", "Android"),
    ];
    DEVICES.iter().find(|(mark, _)| agent.contains(mark)).map(|&(_, device)| device)
}
