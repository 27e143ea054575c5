//! The limits of the house, each with its reason. Units stand last in the names.
//!
//! Never decides what happens at a limit: the caller refuses, pages or cuts and says so.

/// Bytes of a request body without files; a form with the longest texts of every field stays below.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of one uploaded file; scanned contracts of some thirty pages fit.
pub const UPLOAD_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Nesting of a JSON document; forms need five, deeper input only costs stack.
pub const JSON_DEPTH_MAX: usize = 32;
/// Characters of a title; two lines of a printed table.
pub const TITLE_CHARS_MAX: usize = 80;
/// Characters of a one-line text such as an address or a department.
pub const LINE_CHARS_MAX: usize = 200;
/// Characters of a long text; about ten printed pages.
pub const TEXT_CHARS_MAX: usize = 20_000;
/// Characters of a search query; longer text is a document and is matched, not searched.
pub const QUERY_CHARS_MAX: usize = 200;
/// Characters of a code or name handed to a parser here; the longest official name has under 40.
pub const CODE_CHARS_MAX: usize = 80;
/// Characters of a unit of measurement (`mg/(L·h)`).
pub const UNIT_CHARS_MAX: usize = 24;
/// Rows of a list page when nothing was asked.
pub const PAGE_ROWS: usize = 20;
/// Rows of a list page at most; keeps one answer below a few hundred kilobytes.
pub const PAGE_ROWS_MAX: usize = 100;
/// Counting stops here and shows “1,000+”: exact counts of large lists cost a scan.
pub const COUNT_CAP: usize = 1_000;
/// Fields of one kind that may be filtered and sorted by; each is an index row per record.
pub const LIST_FIELDS_MAX: usize = 9;
/// Rows of one imported sheet; larger sets are split so that a mistake stays reviewable.
pub const IMPORT_ROWS_MAX: usize = 100_000;
/// Rows of one exported workbook, which is made whole in memory; it comes back as one import. Text files have no limit.
pub const EXPORT_BOOK_ROWS_MAX: usize = IMPORT_ROWS_MAX;
/// Items of a repeating group in one record; more are records of their own.
pub const ITEMS_MAX: usize = 100;
/// Facets counted beside one list.
pub const FACETS_MAX: usize = 8;
/// Values shown in one facet.
pub const FACET_VALUES_MAX: usize = 50;
/// Nodes of one filter; what a person builds by hand stays below twenty.
pub const FILTER_NODES_MAX: usize = 64;
/// Steps from a type, unit or place to its root; real trees have at most six.
pub const PARENT_DEPTH_MAX: usize = 12;
/// Writes waiting for the one writer; beyond it a request is told to come back.
pub const WAITING_WRITES_MAX: usize = 4_096;
/// Characters of a password at least; length protects better than character classes.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Characters of a password at most; bounds the work of hashing.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Files tied to one record.
pub const FILES_PER_RECORD_MAX: usize = 50;
/// Working days one deadline may span; five years, so that a loop over days ends.
pub const WORKING_DAYS_MAX: u32 = 1_250;
/// Days one clock may run; beyond two years months say it better.
pub const CLOCK_DAYS_MAX: u32 = 731;
/// Months one clock may run: ten years, as long as any agreement here.
pub const CLOCK_MONTHS_MAX: u32 = 120;
/// Invitations one expert gets a month unless they ask for fewer: more are not read, and then none are answered.
pub const INVITATIONS_A_MONTH: u32 = 4;
/// Serial of a record within one place and year: six printed digits.
pub const SERIAL_MAX: u32 = 999_999;
