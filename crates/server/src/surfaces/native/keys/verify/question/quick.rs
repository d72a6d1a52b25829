//! The question as nearly every caller writes it, read without serde: that costs a third.
//!
//! It reads plain objects alone: members that it knows, each once, texts without escapes. Whatever
//! else comes is no error here; it is left to the strict reader, which decides and explains. So it
//! may say "not mine" to anything, and must read the rest as the strict one does.

use super::{FEW, Few, Permissions, Question};

/// Reads a plain question; `None`: let the strict reader decide.
pub(in super::super) fn read(body: &[u8]) -> Option<Question<&str>> {
    let text = std::str::from_utf8(body).ok()?;
    let mut at = Reader { text, rest: text.as_bytes() };
    let mut secret = None;
    let (mut key_type, mut tenant, mut permissions) = (None, None, None);
    let (mut client_address, mut origin, mut method, mut path) = (None, None, None, None);
    let mut cost = None;
    at.take(b'{')?;
    loop {
        let name = at.string()?;
        at.take(b':')?;
        match name {
            "secret" => once(&mut secret, at.string()?)?,
            "keyType" => once(&mut key_type, at.string()?)?,
            "tenant" => once(&mut tenant, at.string()?)?,
            "permissions" => once(&mut permissions, at.permissions()?)?,
            "clientAddress" => once(&mut client_address, at.string()?)?,
            "origin" => once(&mut origin, at.string()?)?,
            "method" => once(&mut method, at.string()?)?,
            "path" => once(&mut path, at.string()?)?,
            "cost" => once(&mut cost, at.number()?)?,
            _ => return None,
        }
        match at.next()? {
            b',' => {}
            b'}' => break,
            _ => return None,
        }
    }
    if at.next().is_some() {
        return None;
    }
    let secret = secret?;
    Some(Question {
        secret,
        key_type,
        tenant,
        permissions,
        client_address,
        origin,
        method,
        path,
        cost,
    })
}

fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

/// Bytes that end a plain text: the quote, or what only the strict reader may judge.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out, and fails if it is wrong")]
const ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        ends[byte] = byte < 0x20 || byte == b'"' as usize || byte == b'\\' as usize;
        byte += 1;
    }
    ends
};

struct Reader<'a> {
    text: &'a str,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The next byte that is no white space (RFC 8259 section 2).
    fn next(&mut self) -> Option<u8> {
        loop {
            let (first, rest) = self.rest.split_first()?;
            self.rest = rest;
            if !matches!(first, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(*first);
            }
        }
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let begin = self.text.len() - self.rest.len();
        let len = self.rest.iter().position(|b| ENDS.get(usize::from(*b)) == Some(&true))?;
        let (b'"', rest) = self.rest.get(len..)?.split_first()? else { return None };
        self.rest = rest;
        self.text.get(begin..begin + len)
    }

    /// A whole number of at most seven digits: more is over every limit.
    fn number(&mut self) -> Option<u32> {
        let mut value = u32::from(self.next()?.checked_sub(b'0').filter(|d| *d < 10)?);
        let mut digits = 1;
        while let Some(digit) = self.rest.first().filter(|b| b.is_ascii_digit()) {
            digits += 1;
            if value == 0 || digits > 7 {
                return None;
            }
            value = value * 10 + u32::from(digit - b'0');
            self.rest = self.rest.get(1..)?;
        }
        Some(value)
    }

    fn permissions(&mut self) -> Option<Permissions<&'a str>> {
        self.take(b'{')?;
        let all = match self.string()? {
            "all" => true,
            "any" => false,
            _ => return None,
        };
        self.take(b':')?;
        self.take(b'[')?;
        let mut wanted = Few { items: [None; FEW], more: Vec::new() };
        for place in &mut wanted.items {
            *place = Some(self.string()?);
            match self.next()? {
                b',' => {}
                b']' => {
                    self.take(b'}')?;
                    return Some(Permissions { all, wanted });
                }
                _ => return None,
            }
        }
        None
    }
}
