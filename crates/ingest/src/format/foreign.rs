//! Files that people hand over for an export and that are none: packed in another way, documents, pictures, data of other programs.
//!
//! Read as text they would give findings about encodings and delimiters, which lead nowhere. So they are known by their first bytes, told by
//! their name, and with what to do instead. What is not listed here is taken for what it claims to be.

use codebook::{Finding, Place};

/// Bytes from which a text is told that is no table.
const START: usize = 2048;

/// What a file is, and what to do with it.
struct Foreign {
    what: &'static str,
    hint: &'static str,
}

const UNPACK: &str = "unpack it, and name the file inside; of archives only zip is opened";
const AS_UTF_8: &str = "save it as UTF-8";
const DOCUMENT: &str = "export the answers themselves, as CSV, a workbook, SPSS or Stata file";
const FROM_SPSS: &str = "open it in SPSS and save it as .sav";
const FROM_SAS: &str = "export it from SAS as CSV, or as .sav or .dta";
const FROM_R: &str = "write it from R with write.csv, haven::write_sav or arrow::write_parquet";
const AS_XLSX: &str = "open it in a spreadsheet program and save it as xlsx, or export CSV";
const AS_CSV: &str = "export the answers as CSV instead";

/// First bytes with what they begin.
const SIGNATURES: [(&[u8], Foreign); 22] = [
    (b"\xff\xfe\0\0", Foreign { what: "text in UTF-32", hint: AS_UTF_8 }),
    (b"\0\0\xfe\xff", Foreign { what: "text in UTF-32", hint: AS_UTF_8 }),
    (b"\x1f\x8b", Foreign { what: "packed with gzip", hint: UNPACK }),
    (b"BZh9", Foreign { what: "packed with bzip2", hint: UNPACK }),
    (b"\xfd7zXZ\0", Foreign { what: "packed with xz", hint: UNPACK }),
    (b"\x28\xb5\x2f\xfd", Foreign { what: "packed with Zstandard", hint: UNPACK }),
    (b"7z\xbc\xaf\x27\x1c", Foreign { what: "a 7-Zip archive", hint: UNPACK }),
    (b"Rar!\x1a\x07", Foreign { what: "a RAR archive", hint: UNPACK }),
    (b"%PDF-", Foreign { what: "a PDF document", hint: DOCUMENT }),
    (b"{\\rtf", Foreign { what: "a text document (RTF)", hint: DOCUMENT }),
    (b"\x89PNG\r\n", Foreign { what: "a picture", hint: DOCUMENT }),
    (b"\xff\xd8\xff", Foreign { what: "a picture", hint: DOCUMENT }),
    (b"GIF89a", Foreign { what: "a picture", hint: DOCUMENT }),
    (b"RDX2\n", Foreign { what: "a data file of R", hint: FROM_R }),
    (b"RDX3\n", Foreign { what: "a data file of R", hint: FROM_R }),
    (b"X\n\0\0\0", Foreign { what: "a data file of R", hint: FROM_R }),
    (b"\0\x01\0\0Standard Jet DB", Foreign { what: "a database (Access)", hint: AS_CSV }),
    (b"\0\x01\0\0Standard ACE DB", Foreign { what: "a database (Access)", hint: AS_CSV }),
    (b"SQLite format 3\0", Foreign { what: "a database (SQLite)", hint: AS_CSV }),
    (b"HEADER RECORD*******LIBRARY", Foreign { what: "a transport file of SAS", hint: FROM_SAS }),
    (b"**COMPRESSED** **COMPRESSED**", Foreign { what: "a transport file of SAS", hint: FROM_SAS }),
    (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60", Foreign { what: "a data set of SAS", hint: FROM_SAS }),
];

/// Members by which a zip archive is told that is neither a workbook that is read nor an archive of exports.
const MEMBERS: [(&[u8], Foreign); 5] = [
    (b"xl/workbook.bin", Foreign { what: "a binary workbook (.xlsb)", hint: AS_XLSX }),
    (b"Index/Document.iwa", Foreign { what: "a document of Numbers or Pages", hint: AS_XLSX }),
    (b"word/document.xml", Foreign { what: "a text document (.docx)", hint: DOCUMENT }),
    (b"ppt/presentation.xml", Foreign { what: "a presentation (.pptx)", hint: DOCUMENT }),
    (b"application/vnd.oasis.opendocument.text", Foreign { what: "a text document (.odt)", hint: DOCUMENT }),
];
/// What an archive holds that has an export.
const EXPORTS: [&[u8]; 6] = [b".csv", b".tsv", b".sav", b".dta", b".xlsx", b"xl/workbook.xml"];
/// Bytes at either end of an archive in which its members are looked for: there each is named, unless it is huge.
const ENDS: usize = 1 << 16;

/// How texts begin, blanks left out and in small letters, that are marked up instead of delimited.
const BEGINNINGS: [(&str, Foreign); 7] = [
    ("<!doctypehtml", Foreign { what: "a web page", hint: AS_XLSX }),
    ("<html", Foreign { what: "a web page", hint: AS_XLSX }),
    ("<head", Foreign { what: "a web page", hint: AS_XLSX }),
    ("<table", Foreign { what: "a web page", hint: AS_XLSX }),
    ("<meta", Foreign { what: "a web page", hint: AS_XLSX }),
    ("{\"", Foreign { what: "JSON", hint: AS_CSV }),
    ("[{\"", Foreign { what: "JSON", hint: AS_CSV }),
];

/// What SPSS's portable files hold in the letters that greet whoever looks into them.
const PORTABLE: &[u8] = b"SPSS PORT FILE";
/// Where they end.
const GREETING: usize = 200;

/// A finding about a file that is evidently none that could be read; `start` is how it begins.
pub(crate) fn finding(path: &str, start: &[u8]) -> Option<Finding> {
    let Foreign { what, hint } = of(start)?;
    let place = Place::File { file: path.to_owned() };
    Some(Finding::error(place, "no-export", format!("the file is {what}, which is not read")).hint(hint))
}

fn of(start: &[u8]) -> Option<Foreign> {
    let signed = SIGNATURES.into_iter().find(|(signature, _)| start.starts_with(signature));
    if let Some((_, foreign)) = signed {
        return Some(foreign);
    }
    if start.starts_with(b"PK\x03\x04") {
        let ends = [&start[..start.len().min(ENDS)], &start[start.len().saturating_sub(ENDS)..]];
        let holds = |name: &[u8]| ends.iter().any(|end| end.windows(name.len()).any(|window| window == name));
        // An export in an archive of its own may lie beside any document; then a workbook or a text is in it, too.
        let told = MEMBERS.into_iter().find(|(name, _)| holds(name)).map(|(_, foreign)| foreign);
        return told.filter(|_| !EXPORTS.iter().any(|name| holds(name)));
    }
    let greeting = &start[..start.len().min(GREETING)];
    if greeting.windows(PORTABLE.len()).any(|window| window == PORTABLE) {
        return Some(Foreign { what: "a portable file of SPSS (.por)", hint: FROM_SPSS });
    }
    // What UTF-16 and a byte order mark add is no letter.
    let letters = start[..start.len().min(START)].iter().filter(|byte| byte.is_ascii_graphic());
    let text: String = letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    if text.starts_with("<?xml") {
        let is_workbook = text.contains("office:spreadsheet") || text.contains("opendocument");
        let is_page = text.contains("<html");
        return Some(match (is_workbook, is_page) {
            (true, _) => Foreign { what: "a workbook as XML", hint: AS_XLSX },
            (false, true) => Foreign { what: "a web page", hint: AS_XLSX },
            (false, false) => Foreign { what: "XML", hint: AS_CSV },
        });
    }
    BEGINNINGS.into_iter().find(|(beginning, _)| text.starts_with(beginning)).map(|(_, foreign)| foreign)
}

#[cfg(test)]
mod tests {
    use super::finding;

    #[track_caller]
    fn check(start: &[u8], what: &str) {
        let message = finding("export.csv", start).map(|finding| finding.message);
        assert_eq!(message, Some(format!("the file is {what}, which is not read")));
    }

    #[test]
    fn what_is_no_export_is_told_by_its_name() {
        check(b"\x1f\x8b\x08\0", "packed with gzip");
        check(b"%PDF-1.7\n", "a PDF document");
        check(b"\xff\xfe\0\0i\0\0\0d\0\0\0", "text in UTF-32");
        check(b"\xff\xd8\xff\xe0", "a picture");
        check(b"\n <!DOCTYPE html>\n<html lang=\"da\">", "a web page");
        check(b"\xef\xbb\xbf<table><tr><td>id</td>", "a web page");
        check(b"\xff\xfe<\0h\0t\0m\0l\0>\0", "a web page");
        check(
            b"<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
            "a workbook as XML",
        );
        check(b"<?xml version=\"1.0\"?><survey/>", "XML");
        check(b"\0\x01\0\0Standard Jet DB\0", "a database (Access)");
        check(b"PK\x03\x04....xl/workbook.bin....", "a binary workbook (.xlsb)");
        check(b"PK\x03\x04....word/document.xml....", "a text document (.docx)");
        check(b"[\n  {\n    \"id\": 1\n  }\n]", "JSON");
        check(&[[b'0'; 160].as_slice(), b"ASCII SPSS PORT FILE  "].concat(), "a portable file of SPSS (.por)");
    }

    #[test]
    fn a_table_is_none_of_them() {
        for start in [
            "",
            "id;q1\n1;2\n",
            "\"id\",\"q1\"\n",
            "{Q1},{Q2}\n",
            "[Q1];[Q2]\n",
            "<id>;q1\n",
            "BZ;q1\n",
            "Rar;q1\n",
            "id;SPSS\n",
            "\u{feff}id;q1\n",
            "PK\x03\x04....xl/workbook.xml....",
            "PK\x03\x04....answers.csv....codebook/word/document.xml....",
        ] {
            assert!(finding("export.csv", start.as_bytes()).is_none(), "{start}");
        }
    }
}
