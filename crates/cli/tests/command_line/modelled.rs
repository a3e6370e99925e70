//! The page that says what is modelled and what is not: is it complete, sound, and as new as the profiles?

use std::collections::BTreeSet;
use std::sync::OnceLock;

use channel::PROFILES;

use crate::{Scratch, root, signalbox, stderr, stdout};

fn page(format: &str) -> String {
    let output = signalbox(&["modelled", "--format", format]);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

fn html() -> &'static str {
    static PAGE: OnceLock<String> = OnceLock::new();
    PAGE.get_or_init(|| page("html"))
}

fn markdown() -> &'static str {
    static PAGE: OnceLock<String> = OnceLock::new();
    PAGE.get_or_init(|| page("md"))
}

/// What lies between two texts, everywhere.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
}

/// What a reader sees of HTML.
fn seen(html: &str) -> String {
    let words = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    entities.iter().fold(words.collect(), |text: String, (entity, letter)| text.replace(entity, letter))
}

#[test]
fn the_page_is_older_than_the_profiles() {
    for (file, page) in [("docs/modelled.md", markdown()), ("static/modelled.html", html())] {
        let path = root().join(file);
        if std::env::var_os("UPDATE_MODELLED").is_some() {
            std::fs::write(&path, page).unwrap();
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        let alike = known.lines().zip(page.lines()).take_while(|(known, page)| known == page).count();
        assert!(
            known == page,
            "{file} is not what the profiles say, from line {} on; if that is meant: \
             UPDATE_MODELLED=1 cargo nextest run -p cli the_page_is_older_than_the_profiles",
            alike + 1
        );
    }
}

#[test]
fn a_profile_has_no_section() {
    for profile in &PROFILES {
        let name = profile.name;
        assert_eq!(html().matches(&format!("<section id=\"{name}\">")).count(), 1, "{name}");
        assert_eq!(markdown().matches(&format!("\n### `{name}`\n")).count(), 1, "{name}");
    }
}

#[test]
fn a_section_does_not_say_what_its_profile_says() {
    for profile in &PROFILES {
        let (_, rest) = html().split_once(&format!("<section id=\"{}\">", profile.name)).unwrap();
        let section = seen(rest.split_once("</section>").unwrap().0);
        let rules = profile.stated.iter().map(|statement| statement.rule);
        let parameters = profile.parameters.iter();
        let parameters = parameters.flat_map(|it| [it.name, it.real, it.default, it.about]);
        let left_out = profile.left_out.iter().copied();
        for text in rules.chain(parameters).chain(left_out).chain([profile.about]) {
            assert!(section.contains(&text.replace('`', "")), "{}: {text}", profile.name);
        }
    }
}

#[test]
fn a_link_leads_nowhere() {
    let ids: Vec<&str> = between(html(), " id=\"", "\"");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id is given twice");
    for id in between(html(), "href=\"#", "\"") {
        assert!(unique.contains(id), "#{id}");
    }
    let files = between(markdown(), "](../", ")");
    assert!(files.len() > 85, "recordings are named");
    for file in files {
        assert!(root().join(file).is_file(), "{file}");
    }
    let slug = |title: &str| title.replace('`', "").to_lowercase().replace(' ', "-");
    let titles = markdown().lines().filter_map(|line| line.strip_prefix('#')?.split_once(' '));
    let titles: BTreeSet<String> = titles.map(|(_, title)| slug(title)).collect();
    for id in between(markdown(), "](#", ")") {
        assert!(titles.contains(id), "#{id}");
    }
}

#[test]
fn a_recording_is_not_listed() {
    for entry in std::fs::read_dir(root().join("tests/fidelity")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(name) = name.strip_suffix(".json") {
            assert!(html().contains(&format!("<tr id=\"{name}\">")), "{name}");
        }
    }
}

#[test]
fn a_cell_is_empty() {
    for table in between(html(), "<table>", "</table>") {
        let columns = table.matches("<th scope=\"col\">").count();
        for row in between(table.split_once("<tbody>").unwrap().1, "<tr", "</tr>") {
            let cells: Vec<&str> =
                row.split("<t").skip(1).map(|cell| cell.split_once('>').unwrap().1).collect();
            assert_eq!(cells.len(), columns, "{row}");
            assert!(cells.iter().all(|cell| !seen(cell).trim().is_empty()), "{row}");
        }
    }
    let mut columns = None;
    for line in markdown().lines() {
        let cells = line.replace("\\|", "").matches('|').count();
        if line.starts_with('|') {
            assert_eq!(cells, *columns.get_or_insert(cells), "{line}");
            assert!(!line.contains("|  |"), "{line}");
        } else {
            columns = None;
        }
    }
}

#[test]
fn the_html_is_not_well_formed() {
    assert_eq!(fault(html()), None);
}

#[test]
fn html_that_is_not_well_formed_passes() {
    for wrong in [
        "<p>",
        "</p>",
        "<p><b></p></b>",
        "<p>1 < 2</p>",
        "<p>a & b</p>",
        "<p class=a></p>",
        "<p class=\"a></p>",
        "<p class=\"a\" b></p>",
    ] {
        assert!(fault(wrong).is_some(), "{wrong}");
    }
    assert_eq!(fault("<!doctype html>\n<p class=\"a\">1 &lt; 2<br></p>"), None);
}

/// What is wrong with HTML that closes all its elements, quotes all its attributes and escapes all its text.
fn fault(html: &str) -> Option<String> {
    const VOID: [&str; 3] = ["meta", "link", "br"];
    // What stands in a style or a script is not HTML.
    let bare = ["style", "script"].iter().fold(html.to_owned(), |html, name| {
        let inside = between(&html, &format!("<{name}>"), &format!("</{name}>")).concat();
        if inside.is_empty() { html } else { html.replacen(&inside, "", 1) }
    });
    let mut open: Vec<&str> = Vec::new();
    let mut parts = bare.split('<');
    let text_fault = |text: &str| {
        let entity = |rest: &str| ["amp;", "lt;", "gt;", "quot;"].iter().any(|known| rest.starts_with(known));
        text.split('&').skip(1).any(|rest| !entity(rest)).then(|| format!("a bare &: {text}"))
    };
    if let Some(fault) = parts.next().and_then(text_fault) {
        return Some(fault);
    }
    for part in parts {
        let Some((tag, text)) = part.split_once('>') else { return Some(format!("<{part} is not closed")) };
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag == "!doctype html" {
        } else if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            return Some(format!("<{tag}> is no tag"));
        } else if tag.starts_with('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => return Some(format!("<{tag}> closes {last:?}")),
            }
        } else if !attributes_are_quoted(&tag[name.len()..]) {
            return Some(format!("<{tag}> has a wrong attribute"));
        } else if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
        if let Some(fault) = text_fault(text) {
            return Some(fault);
        }
    }
    open.pop().map(|name| format!("<{name}> stays open"))
}

fn attributes_are_quoted(attributes: &str) -> bool {
    let mut rest = attributes.trim_end_matches('/').trim();
    while !rest.is_empty() {
        let Some((name, value)) = rest.split_once("=\"") else { return false };
        let Some((_, after)) = value.split_once('"') else { return false };
        if name.is_empty() || name.contains([' ', '"']) {
            return false;
        }
        rest = after.trim_start();
    }
    true
}

#[test]
fn the_example_of_the_page_is_refused() {
    let (_, rest) = markdown().split_once("```yaml\n").unwrap();
    let (channels, _) = rest.split_once("```").unwrap();
    let scenario = format!(
        "signalbox: 1\ntitle: An example\nlength: 1s\n{channels}clients: {{ shop: {{ arrivals: constant 1/s, \
         sends: order, to: desk }} }}\nservices: {{ desk: {{ workers: 1 }}, store: {{ workers: 1 }} }}\n\
         variants:\n  only:\n    handlers:\n      desk: {{ order: [publish: {{ event: taken, on: orders }}, \
         reply: accepted] }}\n      store: {{ taken: [work: 1ms] }}\n"
    );
    let scratch = Scratch::new("modelled.yaml", scenario.as_bytes());
    let output = signalbox(&["check", scratch.path()]);
    assert_eq!(output.status.code(), Some(0), "{scenario}{}{}", stdout(&output), stderr(&output));
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
}

#[test]
fn recordings_that_are_not_there_are_called_compared() {
    let output = signalbox(&["modelled", "--recordings", "no/such/folder"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("no/such/folder: "), "{}", stderr(&output));
    assert!(stdout(&output).is_empty());
}
