//! A channel, drawn as what its rules make of it.

mod log;
mod rack;
mod table;
mod topic;

use channel::{Group, HeldView, Subscription};
use topology::{ChannelId, Place, RecordKind, ServiceId, World};

use super::{FIGURE, NOTE, Sketch};
use crate::geometry::{Point, Rect, point};
use crate::layout::{CAPTION_SIZE, Kind, Look, NAME_LETTERS_MAX, Orientation, Plot, text_width};
use crate::shape::{Lettering, Tone};
use crate::waiting::Short;

/// How wide a name above a channel may become on a small stage.
const NAME_ROOM: f64 = 190.0;
/// Above a channel: its name, and the caption between it and the channel.
const NAME_UP: f64 = 27.0;
const CAPTION_UP: f64 = 10.0;
/// The name alone.
const NAME_UP_ALONE: f64 = 13.0;
/// How long a bar glows after a message parted on it, in real seconds.
const GLOW_SECONDS: f64 = 0.35;
/// Figures below a channel.
const FIGURES: Lettering = FIGURE.sized(11.5);
const FIGURES_DOWN: f64 = 12.0;

/// A channel where it stands.
struct Site<'a> {
    id: ChannelId,
    place: Place,
    card: Rect,
    look: Look,
    /// Unless the channel follows other rules by now than those that it was laid out for.
    plot: Option<&'a Plot>,
    up: bool,
}

impl<'a> Site<'a> {
    fn of(sketch: &Sketch<'a>, id: ChannelId) -> Site<'a> {
        let (place, layout) = (Place::Channel(id), sketch.layout);
        let (look, mut card) = (Look::present(sketch.world, id), layout.bounds(place));
        let mut plot = layout.plot(id);
        if layout.look(id) != Some(&look) {
            let (width, height) = look.size(0.0, 0, layout.orientation());
            (card, plot) = (Rect::around(card.centre(), width, height), None);
        }
        Site { id, place, card, look, plot, up: sketch.world.is_up(place) }
    }

    /// The group that stands there.
    fn group(&self, lane: usize) -> Group {
        let group = self.plot.and_then(|plot| plot.lanes.get(lane));
        Group(group.copied().unwrap_or(lane as u16))
    }

    fn ink(&self) -> Tone {
        if self.up { Tone::Ink } else { Tone::InkSoft }
    }
}

pub(super) fn draw(sketch: &mut Sketch<'_>, id: ChannelId) {
    let site = Site::of(sketch, id);
    names(sketch, &site);
    match site.look.kind {
        Kind::Topic => topic::draw(sketch, &site),
        Kind::Queue => rack::draw(sketch, &site),
        Kind::Exchange => rack::draw_several(sketch, &site),
        Kind::Log => log::draw(sketch, &site),
        Kind::Table => table::draw(sketch, &site),
    }
}

/// The name, and below it the profile, whose memory it is in, or for how long it has been down.
fn names(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    let plan = &sketch.plan.channels[site.id.index()];
    let centred = site.look.kind == Kind::Topic && sketch.layout.orientation() == Orientation::Wide;
    let x = if centred { site.card.centre().x } else { site.card.x };
    let lie = |lettering: Lettering| if centred { lettering.centred() } else { lettering }.over_lines();
    let up = if sketch.is_readable(CAPTION_SIZE) { NAME_UP } else { NAME_UP_ALONE };
    let lettering = lie(sketch.name_lettering(&plan.name, NAME_ROOM));
    // On a small stage it is larger than the layout thought.
    let wide = text_width(&plan.name, lettering.size);
    let right = sketch.layout.width() - if centred { wide / 2.0 } else { wide };
    sketch.name(point(x.min(right), site.card.y - up), lettering, site.ink().full(), &plan.name);
    let at = point(x, site.card.y - CAPTION_UP);
    let (profile, soft) = (sketch.world.profile(site.id), Tone::InkSoft.full());
    let caption = lie(NOTE.sized(CAPTION_SIZE));
    if !site.up {
        let seconds = sketch.down_for(site.place);
        sketch.text(at, lie(FIGURES), Tone::Ink.full(), format_args!("down {seconds:.1} s"));
    } else if let (true, &[first, ref more @ ..]) = (site.look.in_process, &plan.publishers[..]) {
        let first = Short { text: &sketch.plan.services[first.index()].name, most: NAME_LETTERS_MAX };
        match more.len() {
            0 => sketch.text(at, caption, soft, format_args!("{profile}, inside {first}")),
            more => sketch.text(at, caption, soft, format_args!("{profile}, inside {first} +{more}")),
        }
    } else {
        sketch.text(at, caption, soft, format_args!("{profile}"));
    }
}

/// What a bar shows for a moment after messages parted on it.
fn glow(sketch: &mut Sketch<'_>, site: &Site<'_>, bar: Rect) {
    for record in sketch.recent {
        if record.place == site.place
            && matches!(record.kind, RecordKind::FannedOut { .. })
            && let Some(age) = sketch.age(record.time, GLOW_SECONDS)
        {
            let glow = sketch.layout.tone(record.message_type).faint(1.0 - age / GLOW_SECONDS);
            sketch.picture.card(bar.grown(-1.5), 2.0, Some(glow), None);
        }
    }
}

/// Whose a delivery is, as far as several can have one: a letter of the service and the number of the worker.
/// Returns whether there was anything to say.
fn mark(
    sketch: &mut Sketch<'_>,
    site: &Site<'_>,
    who: Subscription,
    at: Point,
    lettering: Lettering,
) -> bool {
    let Some((service, worker)) = sketch.world.subscriber_of(site.id, who) else { return false };
    let group = sketch.world.channel(site.id).group_of(who);
    let initial = initial(sketch, site, group, service);
    let ink = Tone::Ink.full();
    match (initial, worker.map(|worker| worker + 1)) {
        (Some(initial), Some(worker)) => sketch.text(at, lettering, ink, format_args!("{initial}{worker}")),
        (Some(initial), None) => sketch.text(at, lettering, ink, format_args!("{initial}")),
        (None, Some(worker)) => sketch.text(at, lettering, ink, format_args!("{worker}")),
        (None, None) => return false,
    }
    true
}

/// The first letter in which a service's name differs from the others of its group, if there are others.
fn initial(sketch: &Sketch<'_>, site: &Site<'_>, group: Group, service: ServiceId) -> Option<char> {
    let (all, plan) = (&sketch.plan.channels[site.id.index()].subscribers, &sketch.plan.services);
    let name = |service: ServiceId| plan[service.index()].name.chars();
    let others = sketch.world.groups(site.id)[usize::from(group.0)].subscribers.iter();
    let others = others.map(|&index| all[usize::from(index)].service).filter(|&other| other != service);
    let same = |other| name(other).zip(name(service)).take_while(|(one, other)| one == other).count();
    let differs = others.map(same).max()?;
    name(service).nth(differs).or_else(|| name(service).next())
}

/// Slots of the messages that wait for a group, after so many others, as far as there is room for them.
fn waiting<'b>(world: &World, site: &Site<'_>, group: Group, after: usize, room: &'b mut [u32]) -> &'b [u32] {
    let mut count = 0;
    for (place, slot) in room.iter_mut().zip(world.waiting_in(site.id, group).skip(after)) {
        *place = slot;
        count += 1;
    }
    &room[..count]
}

/// A delivery that is out, with the slot of its message.
type Out = Option<(u32, HeldView)>;

/// What a group's members hold, as far as there is room for it.
fn out<'b>(world: &World, site: &Site<'_>, group: Group, room: &'b mut [Out]) -> &'b [Out] {
    let mut count = 0;
    for (place, held) in room.iter_mut().zip(world.held_in(site.id, group)) {
        *place = Some(held);
        count += 1;
    }
    &room[..count]
}

/// Whether anybody of a group is connected.
fn is_there(world: &World, site: &Site<'_>, group: Group) -> bool {
    let engine = world.channel(site.id);
    engine.members(group).any(|who| engine.is_connected(who))
}

/// A siding with a buffer stop, on which dead letters stand; none where they are sent on.
fn siding(sketch: &mut Sketch<'_>, site: &Site<'_>, from: Rect, y: f64) {
    let dead = sketch.world.dead_lettered(site.id);
    if dead == 0 && !site.look.siding {
        return;
    }
    let sent_on = sketch.plan.channels[site.id.index()].dead_letter_to.is_some();
    let (left, end) = (from.x - 8.0, from.x + 62.0);
    if sent_on {
        let at = point(from.x, y - 6.0);
        return sketch.text(at, FIGURES.over_lines(), Tone::Ink.full(), format_args!("{dead} dead"));
    }
    let used = if dead > 0 { 1.0 } else { 0.4 };
    let way = [
        point(from.x, from.bottom() - 8.0),
        point(left, from.bottom()),
        point(left, y - 8.0),
        point(left + 8.0, y),
        point(end, y),
    ];
    sketch.picture.line(&way, Tone::InkSoft.faint(used).wide(1.2));
    sketch.picture.line(&[point(end, y - 6.0), point(end, y + 6.0)], Tone::Ink.faint(used).wide(2.6));
    for index in 0..dead.min(3) {
        let at = point(end - 11.0 - index as f64 * 14.0, y);
        sketch.picture.disc(at, 5.0, Tone::Ground.full());
        sketch.picture.ring(at, 4.6, Tone::Ink.full().wide(1.4));
        let arm = point(2.6, 2.6);
        sketch.picture.line(&[at - arm, at + arm], Tone::Ink.full().wide(1.4));
    }
    if dead > 0 {
        sketch.text(point(end + 8.0, y), FIGURE, Tone::Ink.full(), format_args!("{dead} dead"));
    }
}
