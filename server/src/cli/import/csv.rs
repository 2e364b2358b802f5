//! Rows of a CSV file (RFC 4180) with a header. An empty cell is an absent value.

use super::row::{COLUMNS, Row};

pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, Vec<String>> {
    // Spreadsheets put a byte order mark before the first column's name.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|error| vec![format!("the header cannot be read: {error}")])?.clone();
    check_header(&header)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| vec![format!("row {}: {error}", rows.len() + 1)])?;
        rows.push(row(&header, &record));
    }
    Ok(rows)
}

fn check_header(header: &csv::StringRecord) -> Result<(), Vec<String>> {
    let known = |it: &&str| !COLUMNS.contains(it) && !it.starts_with("field.");
    let unknown = header.iter().filter(known);
    let mut told: Vec<String> =
        unknown.map(|it| format!("column {it}: is not known; expected {} or field.NAME", COLUMNS.join(", "))).collect();
    let repeated = header.iter().enumerate().filter(|(at, it)| header.iter().take(*at).any(|earlier| earlier == *it));
    told.extend(repeated.map(|(_, it)| format!("column {it}: is there twice")));
    if told.is_empty() { Ok(()) } else { Err(told) }
}

fn row(header: &csv::StringRecord, record: &csv::StringRecord) -> Row {
    let mut row = Row::default();
    for (column, cell) in header.iter().zip(record).filter(|(_, cell)| !cell.is_empty()) {
        cell_into(&mut row, column, cell);
    }
    row
}

fn cell_into(row: &mut Row, column: &str, cell: &str) {
    if let Some(field) = column.strip_prefix("field.") {
        row.draft.fields.push((field.into(), cell.into()));
        return;
    }
    let list = cell.split(';').map(str::trim).filter(|it| !it.is_empty()).map(Into::into).collect();
    let taken = row.set_text(column, cell.into()) || row.set_list(column, list);
    if taken {
        return;
    }
    match cell.parse() {
        Ok(it) => {
            row.set_flag(column, it);
        }
        Err(_) => row.fault(column, "expected true or false"),
    }
}
