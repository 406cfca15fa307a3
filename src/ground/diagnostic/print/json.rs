//! One JSON object a line, for editors and scripts.
//!
//! Keys always stand in the same order and none is ever left out: what does not apply is `null` or
//! an empty list. Lines and columns count characters from 1; the end is behind the last character.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::clean::steers;
use super::place::{Place, Texts};
use crate::ground::diagnostic::Diagnostic;

/// Writes one object and a line end.
pub(super) fn write(diagnostic: &Diagnostic, texts: &mut Texts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let record = Record {
        diagnostic,
        main: texts.main_place(diagnostic),
        places: diagnostic.labels.iter().map(|label| texts.place(label)).collect(),
    };
    writeln!(out, "{}", escape_steering(&serde_json::to_string(&record)?))
}

/// JSON need not escape DEL, C1 controls and writing-direction marks; a terminal obeys them
/// nevertheless. They stand only inside of strings, where the escape means the same.
fn escape_steering(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if steers(character) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

struct Record<'a> {
    diagnostic: &'a Diagnostic,
    main: Option<Place>,
    places: Vec<Option<Place>>,
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Diagnostic {
            severity,
            code,
            message,
            labels,
            help,
        } = self.diagnostic;
        let mut object = serializer.serialize_struct("Diagnostic", 10)?;
        object.serialize_field("severity", severity.name())?;
        object.serialize_field("code", code.name())?;
        object.serialize_field("message", message)?;
        object.serialize_field("file", &labels.first().map(|label| label.file.as_str()))?;
        serialize_place::<S>(&mut object, self.main)?;
        let labels: Vec<LabelRecord<'_>> = labels
            .iter()
            .zip(&self.places)
            .map(|(label, &place)| LabelRecord {
                file: label.file.as_str(),
                place,
                note: &label.note,
            })
            .collect();
        object.serialize_field("labels", &labels)?;
        object.serialize_field("help", help)?;
        object.end()
    }
}

struct LabelRecord<'a> {
    file: &'a str,
    place: Option<Place>,
    note: &'a str,
}

impl Serialize for LabelRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Label", 6)?;
        object.serialize_field("file", self.file)?;
        serialize_place::<S>(&mut object, self.place)?;
        object.serialize_field("note", self.note)?;
        object.end()
    }
}

fn serialize_place<S: Serializer>(
    object: &mut S::SerializeStruct,
    place: Option<Place>,
) -> Result<(), S::Error> {
    object.serialize_field("line", &place.map(|place| place.start.line))?;
    object.serialize_field("column", &place.map(|place| place.start.column))?;
    object.serialize_field("end_line", &place.map(|place| place.end.line))?;
    object.serialize_field("end_column", &place.map(|place| place.end.column))
}
