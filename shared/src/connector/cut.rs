//! Rows of a document that arrives in pieces, wherever the pieces are cut: pages of whole rows while it arrives, and behind
//! its end what stands around them. Pure: no HTTP.
//!
//! Only where rows begin and end is looked at here. What a page and the frame hold is read by the JSON parser, which alone
//! finds fault; so a document that ends early has no frame.

#[cfg(test)]
mod tests;

/// How many bytes of rows make a page.
const PAGE_BYTES: usize = 256 * 1024;
/// The longest row. A person who is carried has far less (R47).
const MOST_ROW_BYTES: usize = 4 * 1024 * 1024;
/// The most that may stand around the rows.
const MOST_FRAME_BYTES: usize = 1024 * 1024;

/// Why a document cannot be cut into rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Uncut {
    /// A row has no end.
    #[error("a row has more than {MOST_ROW_BYTES} bytes")]
    LongRow,
    /// What stands around the rows is no frame any more.
    #[error("more than {MOST_FRAME_BYTES} bytes stand around the rows")]
    LongFrame,
    /// The list of rows comes twice.
    #[error("the list comes twice")]
    Twice,
    /// The document ends inside of its list.
    #[error("the answer ends too early")]
    Early,
    /// There is no list.
    #[error("the list is missing")]
    Missing,
}

/// Cuts a document whose rows stand under these members, one inside the other.
#[derive(Debug)]
pub(super) struct Cut<'p> {
    path: &'p [&'p str],
    /// All before and behind the rows, with an empty list in their place.
    frame: Vec<u8>,
    /// The rows of the page that is being gathered, with commas between them.
    rows: Vec<u8>,
    /// Where the row begins that is under way.
    row: usize,
    /// Whether a page ended with a comma, behind which a row has to come.
    is_row_due: bool,
    list: List,
    text: Quoted,
    /// How many brackets are open: of the frame, or of the row that is under way.
    open: usize,
    /// How many members of the path are open.
    on_path: usize,
    /// The text that was read last in the frame: a member's name, where a colon follows.
    name: Vec<u8>,
    /// Whether the value that comes stands under the next member of the path.
    is_next: bool,
}

/// Where the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Ahead,
    Here,
    Behind,
}

/// Whether a byte stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoted {
    Outside,
    Inside,
    Escaped,
}

impl Quoted {
    /// Returns what holds behind a byte.
    const fn behind(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Outside, b'"') | (Self::Escaped, _) => Self::Inside,
            (Self::Outside, _) | (Self::Inside, b'"') => Self::Outside,
            (Self::Inside, b'\\') => Self::Escaped,
            (Self::Inside, _) => Self::Inside,
        }
    }
}

impl<'p> Cut<'p> {
    /// Returns a cut that has seen nothing yet.
    pub(super) fn new(path: &'p [&'p str]) -> Self {
        Self {
            path,
            frame: Vec::new(),
            rows: Vec::new(),
            row: 0,
            is_row_due: false,
            list: List::Ahead,
            text: Quoted::Outside,
            open: 0,
            on_path: 0,
            name: Vec::new(),
            is_next: path.is_empty(),
        }
    }

    /// Takes the next piece. Returns the pages that are complete with it: JSON lists of whole rows, as bytes.
    ///
    /// # Errors
    /// [`Uncut`] where it cannot be a document with such a list.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<Vec<Vec<u8>>, Uncut> {
        let mut pages = Vec::new();
        for byte in piece {
            if self.list == List::Here {
                self.take_of_rows(*byte, &mut pages);
            } else {
                self.take_of_frame(*byte)?;
            }
        }
        if self.rows.len() - self.row > MOST_ROW_BYTES {
            return Err(Uncut::LongRow);
        }
        Ok(pages)
    }

    /// Ends the document. Returns the last page, where it has rows, and the frame.
    ///
    /// # Errors
    /// [`Uncut`] where the list is not there or not over.
    pub(super) fn finish(mut self) -> Result<(Option<Vec<u8>>, Vec<u8>), Uncut> {
        match self.list {
            List::Ahead => Err(Uncut::Missing),
            List::Here => Err(Uncut::Early),
            List::Behind => {
                let page = self.page();
                if page.is_none() && self.is_row_due {
                    return Err(Uncut::Early);
                }
                Ok((page, self.frame))
            }
        }
    }

    fn take_of_rows(&mut self, byte: u8, pages: &mut Vec<Vec<u8>>) {
        let is_plain = self.text == Quoted::Outside;
        self.text = self.text.behind(byte);
        match byte {
            b'{' | b'[' if is_plain => self.open += 1,
            b']' if is_plain && self.open == 0 => {
                self.list = List::Behind;
                self.frame.push(byte);
                self.open = self.on_path;
                return;
            }
            b'}' | b']' if is_plain => self.open = self.open.saturating_sub(1),
            b',' if is_plain && self.open == 0 && self.rows.len() >= PAGE_BYTES => {
                pages.extend(self.page());
                self.is_row_due = true;
                return;
            }
            _ => {}
        }
        self.rows.push(byte);
        if is_plain && self.open == 0 && byte == b',' {
            self.row = self.rows.len();
        }
    }

    /// Returns the rows that were gathered as a page of their own, where there are any.
    fn page(&mut self) -> Option<Vec<u8>> {
        self.row = 0;
        let rows = std::mem::take(&mut self.rows);
        let has_rows = rows.iter().any(|byte| !byte.is_ascii_whitespace());
        has_rows.then(|| [b"[", rows.as_slice(), b"]"].concat())
    }

    fn take_of_frame(&mut self, byte: u8) -> Result<(), Uncut> {
        self.frame.push(byte);
        if self.frame.len() > MOST_FRAME_BYTES {
            return Err(Uncut::LongFrame);
        }
        let before = self.text;
        self.text = before.behind(byte);
        if before != Quoted::Outside {
            if self.text != Quoted::Outside {
                self.name.push(byte);
            }
            return Ok(());
        }
        match byte {
            b'"' => self.name.clear(),
            b':' => self.is_next = self.names_the_way()?,
            b'[' if self.is_next && self.on_path == self.path.len() => {
                self.list = List::Here;
                self.is_next = false;
                self.open = 0;
            }
            b'{' | b'[' => {
                self.open += 1;
                self.is_next = false;
            }
            b'}' | b']' => {
                self.open = self.open.saturating_sub(1);
                self.leave();
            }
            b',' => self.leave(),
            _ => {}
        }
        Ok(())
    }

    /// Leaves the member whose value is over.
    fn leave(&mut self) {
        self.is_next = false;
        self.on_path = self.on_path.min(self.open.saturating_sub(1));
    }

    /// Returns whether a member stands on the way to the rows. Each member on the way comes once.
    fn names_the_way(&mut self) -> Result<bool, Uncut> {
        let is_on_path = self.open == self.on_path + 1;
        let wanted = self.path.get(self.on_path).map(|name| name.as_bytes());
        if !is_on_path || wanted != Some(self.name.as_slice()) {
            return Ok(false);
        }
        if self.list == List::Behind {
            return Err(Uncut::Twice);
        }
        self.on_path += 1;
        Ok(true)
    }
}
