//! A topic: a bar at which messages part.

use super::{Site, glow};
use crate::frame::Sketch;
use crate::geometry::Point;
use crate::shape::Tone;

pub(super) fn draw(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    if site.up {
        sketch.picture.card(site.card, 3.0, Some(Tone::Ink.full()), None);
    } else {
        let edge = Tone::InkSoft.full().dashed(1.5, 5.0);
        sketch.picture.card(site.card, 3.0, Some(Tone::Ground.full()), Some(edge));
    }
    glow(sketch, site, site.card);
    sockets(sketch, site);
    shared(sketch, site);
}

/// Where the branches leave a bar: open where nobody listens.
fn sockets(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    for (index, subscriber) in sketch.plan.channels[site.id.index()].subscribers.iter().enumerate() {
        let Some(track) = sketch.layout.track(subscriber.route) else { continue };
        let (start, ahead) = track.at(0.0);
        let at = start + ahead * 1.0;
        let listens = sketch.world.is_listening(site.id, index as u16);
        sketch.picture.disc(at, 4.5, if listens { Tone::Ink.full() } else { Tone::Ground.full() });
        if !listens {
            sketch.picture.ring(at, 4.5, Tone::InkSoft.full().wide(1.5));
        }
    }
}

/// Where several share the work, one of them gets each message: a rod joins their branches.
fn shared(sketch: &mut Sketch<'_>, site: &Site<'_>) {
    let subscribers = &sketch.plan.channels[site.id.index()].subscribers;
    let world = sketch.world;
    for group in world.groups(site.id).iter().filter(|group| group.subscribers.len() > 1) {
        let tracks = group.subscribers.iter();
        let tracks = tracks.filter_map(|&index| sketch.layout.track(subscribers[usize::from(index)].route));
        let mut ends: Option<(Point, Point)> = None;
        for (start, ahead) in tracks.map(|track| track.at(0.0)) {
            let at = start + ahead * 9.0;
            let (low, high) = ends.unwrap_or((at, at));
            let earlier = |one: Point, other: Point| one.x + one.y < other.x + other.y;
            ends = Some((if earlier(at, low) { at } else { low }, if earlier(high, at) { at } else { high }));
        }
        if let Some((low, high)) = ends {
            sketch.picture.line(&[low, high], Tone::Ink.full().wide(2.2));
        }
    }
}
