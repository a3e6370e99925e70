//! The selected channel: what is open of it in the panel, and setting it otherwise.

use channel::{Parameter, Value};
use player::{Change, ChangeTo, Command, Setting};
use topology::{ChannelId, Place};

use super::Session;
use super::holdings::{Holder, columns};
use super::run::Run;
use crate::parameters;
use crate::snapshot::{ChannelView, ParameterView, Pile};

/// What is open of the selected channel.
#[derive(Default)]
pub(super) struct Opened {
    /// Which of its messages are looked at, and of which group.
    pile: Option<(Pile, usize)>,
    /// Whether other profiles are.
    kinds: bool,
    /// What was typed and is not in force.
    drafts: Vec<Draft>,
}

/// A field that does not show its parameter's value.
struct Draft {
    parameter: &'static str,
    text: String,
    /// What is wrong with it, once somebody meant it.
    wrong: Option<String>,
}

impl Session {
    pub(super) fn open_pile(&mut self, pile: Option<(Pile, usize)>) {
        self.opened.pile = pile;
    }

    pub(super) fn show_kinds(&mut self, shown: bool) {
        self.opened.kinds = shown;
    }

    /// Lets the selected channel follow another profile.
    pub(super) fn set_kind(&mut self, kind: &'static str) {
        self.opened = Opened::default();
        let Some((channel, setting)) = self.setting() else { return };
        if setting.profile.name != kind {
            let (profile, to) = (setting.profile.name, ChangeTo::Profile(kind));
            self.command(Command::Change(Change { channel, profile, to }));
        }
    }

    /// Gives a parameter of the selected channel the value that was typed, if it takes it.
    pub(super) fn set_parameter(&mut self, name: &str, text: String) {
        let Some((channel, setting)) = self.setting() else { return };
        let Some(parameter) = setting.profile.parameter(name) else { return };
        match parameters::read(setting.profile, parameter, &text) {
            Ok(value) => {
                self.opened.forget(name);
                if value_of(&setting, parameter) != Some(value) {
                    let (profile, to) = (setting.profile.name, ChangeTo::Parameter(parameter.name, value));
                    self.command(Command::Change(Change { channel, profile, to }));
                }
            }
            Err(wrong) => self.opened.note(Draft { parameter: parameter.name, text, wrong: Some(wrong) }),
        }
    }

    /// Something is being typed for a parameter of the selected channel, or was taken back.
    pub(super) fn type_parameter(&mut self, name: &str, text: Option<String>) {
        let Some((_, setting)) = self.setting() else { return };
        let Some(parameter) = setting.profile.parameter(name) else { return };
        match text.filter(|text| *text != present(&setting, parameter)) {
            Some(text) => {
                let wrong = self.opened.draft(name).and_then(|draft| draft.wrong.clone());
                self.opened.note(Draft { parameter: parameter.name, text, wrong });
            }
            None => self.opened.forget(name),
        }
    }

    pub(super) fn selected_channel(&self) -> Option<ChannelId> {
        match self.selected? {
            Place::Channel(channel) => Some(channel),
            Place::Client(_) | Place::Service(_) => None,
        }
    }

    fn setting(&self) -> Option<(ChannelId, Setting)> {
        let channel = self.selected_channel()?;
        Some((channel, self.player()?.setting(channel)?))
    }
}

impl Opened {
    fn draft(&self, parameter: &str) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.parameter == parameter)
    }

    fn note(&mut self, draft: Draft) {
        self.forget(draft.parameter);
        self.drafts.push(draft);
    }

    fn forget(&mut self, parameter: &str) {
        self.drafts.retain(|draft| draft.parameter != parameter);
    }
}

/// A channel as the panel shows it.
pub(super) fn view(run: &Run, id: ChannelId, opened: &Opened) -> ChannelView {
    let (player, world) = (&run.player, run.player.world());
    let holder = Holder { world, id };
    let setting = player.setting(id);
    let parameters = setting.as_ref().map_or_else(Vec::new, |setting| {
        setting
            .profile
            .parameters
            .iter()
            .map(|parameter| parameter_view(setting, parameter, opened))
            .collect()
    });
    ChannelView {
        name: world.plan().channels[id.index()].name.clone(),
        kind: world.profile(id),
        kinds: opened.kinds,
        columns: columns(world.channel(id).rules()),
        groups: holder.groups(),
        aside: holder.aside(),
        open: opened.pile.and_then(|(pile, group)| holder.pile(pile, group)),
        parameters,
    }
}

fn parameter_view(setting: &Setting, parameter: &'static Parameter, opened: &Opened) -> ParameterView {
    let draft = opened.draft(parameter.name);
    ParameterView {
        name: parameter.name,
        real: parameter.real,
        about: parameter.about,
        default: parameter.default,
        takes: parameter.takes,
        changed: value_of(setting, parameter) != default_of(setting, parameter),
        text: draft.map_or_else(|| present(setting, parameter), |draft| draft.text.clone()),
        wrong: draft.and_then(|draft| draft.wrong.clone()),
    }
}

/// The value in force, as one would type it.
fn present(setting: &Setting, parameter: &Parameter) -> String {
    let given = setting.value(parameter.name);
    given.map_or_else(|| parameter.default.into(), |value| parameters::text(parameter, value))
}

fn value_of(setting: &Setting, parameter: &Parameter) -> Option<Value> {
    setting.value(parameter.name).or_else(|| default_of(setting, parameter))
}

fn default_of(setting: &Setting, parameter: &Parameter) -> Option<Value> {
    parameters::read(setting.profile, parameter, parameter.default).ok()
}
