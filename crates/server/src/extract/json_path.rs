//! Where in a JSON document an error lies: `limit.capacity`, `permissions[2]`.

/// One step from the document's root.
enum Step<'a> {
    Member(&'a [u8]),
    Item(usize),
}

/// The path of the value at a position that serde named (line and column count from 1, the column in
/// bytes). `None`: the document itself, or a name that is no plain word and so better not repeated.
pub(super) fn at(document: &[u8], line: usize, column: usize) -> Option<String> {
    let offset = offset_of(document, line, column)?;
    let mut steps: Vec<Step<'_>> = Vec::new();
    let mut walk = Walk { document, at: 0 };
    while walk.at < offset {
        let byte = walk.next()?;
        match byte {
            b'{' => steps.push(Step::Member(b"")),
            b'[' => steps.push(Step::Item(0)),
            b'}' | b']' => {
                // An error at a closing bracket is about what it closes.
                if walk.at >= offset {
                    steps.pop();
                    break;
                }
                steps.pop();
            }
            b',' => match steps.last_mut() {
                Some(Step::Item(index)) => *index += 1,
                Some(member @ Step::Member(_)) => *member = Step::Member(b""),
                None => {}
            },
            b'"' => {
                let text = walk.string();
                if let Some(Step::Member(name)) = steps.last_mut()
                    && name.is_empty()
                {
                    *name = text;
                }
            }
            _ => {}
        }
    }
    written(&steps)
}

struct Walk<'a> {
    document: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.document.get(self.at).copied();
        self.at += 1;
        byte
    }

    /// The rest of a string whose opening quote was read, without its closing one.
    fn string(&mut self) -> &'a [u8] {
        let start = self.at;
        while let Some(byte) = self.next() {
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
        }
        self.document.get(start..self.at.saturating_sub(1)).unwrap_or_default()
    }
}

fn offset_of(document: &[u8], line: usize, column: usize) -> Option<usize> {
    let before = line.checked_sub(1)?;
    let start: usize =
        document.split_inclusive(|b| *b == b'\n').take(before).map(<[u8]>::len).sum();
    Some((start + column).min(document.len()))
}

fn written(steps: &[Step<'_>]) -> Option<String> {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Member(b"") => break,
            Step::Member(name) => {
                let name = std::str::from_utf8(name).ok()?;
                let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
                if name.len() > 32 || !name.bytes().all(plain) {
                    break;
                }
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Step::Item(index) => path.push_str(&format!("[{index}]")),
        }
    }
    (!path.is_empty()).then_some(path)
}
