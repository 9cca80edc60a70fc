//! One pass over the bytes of a value, to tell that there is nothing to look for.
//!
//! Nearly every value of an ordinary event ends here (`Chrome`, `pro`, `checkout-v2`), which is what
//! makes scanning all of them affordable: a table look-up a byte, no branch but the loop's.

/// Kinds of bytes, as bits.
const DIGIT: u8 = 1;
const UPPER: u8 = 2;
const LOWER: u8 = 4;
/// Neither letter nor digit, but found inside tokens.
const JOINT: u8 = 8;
/// Part of a character outside ASCII.
const HIGH: u8 = 16;

const WORD: u8 = DIGIT | UPPER | LOWER | JOINT | HIGH;

const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' => LOWER,
            b'-' | b'_' | b'+' | b'/' | b'.' | b'~' | b'=' => JOINT,
            128..=255 => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// Characters without which some shape cannot be.
pub(super) mod mark {
    pub(in super::super) const AT: u32 = 1 << 1;
    pub(in super::super) const PERCENT: u32 = 1 << 2;
    pub(in super::super) const SLASH: u32 = 1 << 3;
    pub(in super::super) const COLON: u32 = 1 << 4;
    pub(in super::super) const EQUALS: u32 = 1 << 5;
    pub(in super::super) const AMPERSAND: u32 = 1 << 6;
    pub(in super::super) const BACKSLASH: u32 = 1 << 7;
    pub(in super::super) const BRACKET: u32 = 1 << 8;
    pub(in super::super) const QUESTION: u32 = 1 << 9;
    pub(in super::super) const DOT: u32 = 1 << 10;
    pub(in super::super) const HIGH: u32 = 1 << 11;
    pub(in super::super) const HASH: u32 = 1 << 12;
    pub(in super::super) const JOINT: u32 = 1 << 13;
}

const MARK: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'@' => 1,
            b'%' => 2,
            b'/' => 3,
            b':' => 4,
            b'=' => 5,
            b'&' => 6,
            b'\\' => 7,
            b'[' | b'(' | b'{' => 8,
            b'?' => 9,
            b'.' => 10,
            128..=255 => 11,
            b'#' => 12,
            b'-' | b'_' | b'+' => 13,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// Fewest digits in anything that is recognised by its digits (a national insurance number: six).
const FEWEST_DIGITS: u32 = 6;
/// The same where there are dots: an address has four numbers.
const FEWEST_DOTTED_DIGITS: u32 = 4;
/// Shortest run of token characters that can be a key, a token, or hold something encoded.
pub(super) const SHORTEST_TOKEN: u32 = 12;

/// What is in a text, roughly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glance {
    marks: u32,
    pub(super) digits: u32,
    /// Longest run of characters of tokens.
    pub(super) longest_run: u32,
    /// Words that begin with a capital or a character outside ASCII.
    pub(super) capitals: u32,
    /// Words in all: runs of letters.
    pub(super) words: u32,
}

impl Glance {
    pub(super) fn of(text: &str) -> Self {
        let (mut marks, mut digits, mut longest, mut run) = (0_u32, 0_u32, 0_u32, 0_u32);
        let (mut capitals, mut words) = (0_u32, 0_u32);
        let mut before = 0_u8;
        for &byte in text.as_bytes() {
            let class = CLASS[usize::from(byte)];
            marks |= 1 << MARK[usize::from(byte)];
            digits += u32::from(class & DIGIT);
            run = if class & WORD == 0 { 0 } else { run + 1 };
            longest = longest.max(run);
            let letter = class & (UPPER | LOWER | HIGH) != 0;
            let starts = letter && before & (UPPER | LOWER | HIGH) == 0;
            words += u32::from(starts);
            capitals += u32::from(starts && class & (UPPER | HIGH) != 0);
            before = class;
        }
        Self { marks, digits, longest_run: longest, capitals, words }
    }

    pub(super) fn has(&self, marks: u32) -> bool {
        self.marks & marks != 0
    }

    /// Nothing that is recognised by its shape can be in this text.
    pub(super) fn is_clean(&self) -> bool {
        const TELLING: u32 = mark::AT
            | mark::PERCENT
            | mark::SLASH
            | mark::COLON
            | mark::EQUALS
            | mark::AMPERSAND
            | mark::BACKSLASH
            | mark::BRACKET
            | mark::QUESTION
            | mark::HASH;
        self.marks & TELLING == 0
            && self.digits < if self.has(mark::DOT) { FEWEST_DOTTED_DIGITS } else { FEWEST_DIGITS }
            && self.longest_run < SHORTEST_TOKEN
            && !self.may_name_someone()
    }

    /// Two words at least, as a person's name has (`Ada Lovelace`, `ada-lovelace`), or a script that
    /// writes them as one.
    pub(super) fn may_name_someone(&self) -> bool {
        self.has(mark::HIGH) || self.words >= 2 && (self.capitals >= 2 || self.has(mark::JOINT | mark::DOT))
    }
}
