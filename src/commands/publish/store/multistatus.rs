//! What a WebDAV server lists: the members of a folder, out of the XML of its answer.

use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::Event;

/// The most members of one folder that are read.
const MAX_MEMBERS: usize = 1_000_000;

/// Something that lies in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its name in the folder.
    pub(super) name: String,
    pub(super) is_folder: bool,
}

/// The members that an answer lists, without the folder itself, whose path on the server is given as it stands in
/// its address. `None` for what is no such answer.
///
/// Source: RFC 4918, section 9.1.
pub(super) fn members(xml: &[u8], folder: &str) -> Option<Vec<Member>> {
    let folder = decoded(folder)?;
    let mut reader = Reader::from_reader(xml);
    let mut found = Vec::new();
    let mut is_list = false;
    let (mut in_address, mut address, mut is_folder) = (false, String::new(), false);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(start) => match local(start.name().as_ref()) {
                "multistatus" => is_list = true,
                "response" => (address, is_folder) = (String::new(), false),
                "href" => in_address = true,
                "collection" => is_folder = true,
                _ => {}
            },
            Event::Empty(start) => match local(start.name().as_ref()) {
                "multistatus" => is_list = true,
                "collection" => is_folder = true,
                _ => {}
            },
            Event::Text(text) if in_address => address.push_str(&text.html_content()),
            Event::GeneralRef(entity) if in_address => {
                let entity = format!("&{};", entity.html_content());
                address.push_str(&quick_xml::escape::unescape(&entity).ok()?);
            }
            Event::End(end) => match local(end.name().as_ref()) {
                "href" => in_address = false,
                "response" => found.extend(member(&address, &folder, is_folder)),
                _ => {}
            },
            Event::Eof => return is_list.then_some(found),
            _ => {}
        }
        if found.len() > MAX_MEMBERS {
            return None;
        }
        buffer.clear();
    }
}

/// A name without the prefix of its namespace, which every server chooses for itself.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// A member by its address; none for the folder itself, and for what does not lie in it.
fn member(address: &str, folder: &str, is_folder: bool) -> Option<Member> {
    // An address may be whole or begin with the path.
    let path = match address.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/')?..],
        None => address.trim(),
    };
    let path = decoded(path)?;
    let name = path.strip_prefix(folder)?;
    let is_folder = is_folder || name.ends_with('/');
    let name = name.trim_end_matches('/');
    let is_name = !name.is_empty() && !name.contains('/') && name != "." && name != "..";
    is_name.then(|| Member {
        name: name.to_owned(),
        is_folder,
    })
}

fn decoded(path: &str) -> Option<String> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    Some(path.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, folder: &str, expected: Option<&[(&str, bool)]>) {
        let expected = expected.map(|members| {
            let member = |(name, is_folder): &(&str, bool)| Member {
                name: (*name).to_owned(),
                is_folder: *is_folder,
            };
            members.iter().map(member).collect::<Vec<Member>>()
        });
        assert_eq!(members(xml.as_bytes(), folder), expected, "{xml}");
    }

    #[test]
    fn members_are_found_whatever_the_prefix_and_the_address() {
        let xml = "<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\">\
            <D:response><D:href>/a%20b/</D:href><D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype>\
            </D:prop></D:propstat></D:response>\
            <D:response><D:href>/a%20b/%C3%A9%25%3F%23&amp;&#39;.html</D:href><D:propstat><D:prop><D:resourcetype/></D:prop>\
            </D:propstat></D:response>\
            <D:response><D:href>http://host:1/a%20b/sub/</D:href></D:response>\
            <D:response><D:href>/a%20b/two</D:href><D:propstat><D:prop><D:resourcetype><D:collection></D:collection>\
            </D:resourcetype></D:prop></D:propstat></D:response></D:multistatus>";
        check(
            xml,
            "/a%20b/",
            Some(&[("é%?#&'.html", false), ("sub", true), ("two", true)]),
        );
        check("<multistatus xmlns=\"DAV:\"/>", "/", Some(&[]));
    }

    #[test]
    fn what_does_not_lie_in_the_folder_is_no_member() {
        for address in [
            "/b/x",
            "/a",
            "/a/../x",
            "/a/..",
            "/a/x/y",
            "http://host",
            "",
            "%ff",
        ] {
            let xml = format!(
                "<multistatus xmlns=\"DAV:\"><response><href>{address}</href></response></multistatus>"
            );
            check(&xml, "/a/", Some(&[]));
        }
    }

    #[test]
    fn anything_else_is_no_list() {
        check("<html><body>It works</body></html>", "/", None);
        check("<multistatus><response></wrong>", "/", None);
        check("", "/", None);
    }
}
