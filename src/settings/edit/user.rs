//! Edits of users and what hangs on them: lines, voicemail boxes, agents. The one main line of a user is kept here;
//! uniqueness of logins, numbers and addresses is a finding.

use super::{existing, removable};
use crate::settings::agent::Agent;
use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, ContextId, LineId, ProfileId, UserId, UserUuid, VoicemailId};
use crate::settings::label::Labelled as _;
use crate::settings::line::Line;
use crate::settings::name::{
    AgentNumber, Device, EmailAddress, Extension, FirstName, LastName, Login, Mailbox, MobileNumber,
};
use crate::settings::password::PasswordHash;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::user::User;
use crate::settings::violation::Violation;
use crate::settings::voicemail::Voicemail;

#[derive(Debug, Clone)]
pub(crate) struct NewUser {
    /// A random one; this room has no random source.
    pub(crate) uuid: UserUuid,
    /// None: has a telephone and no client.
    pub(crate) login: Option<Login>,
    pub(crate) first_name: FirstName,
    pub(crate) last_name: LastName,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) mobile: Option<MobileNumber>,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) enabled: bool,
    pub(crate) profile: Option<ProfileId>,
}

#[derive(Debug, Clone)]
pub(crate) struct NewLine {
    pub(crate) user: UserId,
    pub(crate) extension: Extension,
    pub(crate) context: ContextId,
    pub(crate) device: Device,
    /// A user's first line is the main line in any case.
    pub(crate) is_main: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct NewAgent {
    pub(crate) number: AgentNumber,
    pub(crate) first_name: FirstName,
    pub(crate) last_name: LastName,
    pub(crate) context: ContextId,
    pub(crate) user: Option<UserId>,
}

removable! {
    User: remove_user,
    Line: remove_line,
    Voicemail: remove_voicemail,
    Agent: remove_agent,
}

impl Configuration {
    pub(crate) fn add_user(&mut self, new: NewUser) -> Result<UserId, Refusal> {
        if let Some(profile) = new.profile {
            existing(&self.profiles, profile)?;
        }
        Ok(self.users.add(|id| User {
            id,
            version: 1,
            uuid: new.uuid,
            login: new.login,
            first_name: new.first_name,
            last_name: new.last_name,
            email: new.email,
            mobile: new.mobile,
            password: new.password,
            enabled: new.enabled,
            profile: new.profile,
            break_glass: false,
        }))
    }

    /// Removes a user with all lines; voicemail box and agent stay, without a user.
    pub(crate) fn remove_user(&mut self, id: UserId) -> Result<(), Refusal> {
        existing(&self.users, id)?;
        let lines: Vec<LineId> = self.lines_of(id).iter().map(|line| line.id).collect();
        for line in lines {
            self.leave_queues(line);
            self.lines.remove(line);
        }
        let boxes: Vec<VoicemailId> = self
            .voicemails
            .iter()
            .filter(|voicemail| voicemail.user == Some(id))
            .map(|voicemail| voicemail.id)
            .collect();
        for voicemail in boxes {
            self.voicemails.edit(voicemail, |voicemail| voicemail.user = None);
        }
        let agents: Vec<AgentId> =
            self.agents.iter().filter(|agent| agent.user == Some(id)).map(|agent| agent.id).collect();
        for agent in agents {
            self.agents.edit(agent, |agent| agent.user = None);
        }
        self.users.remove(id);
        Ok(())
    }

    pub(crate) fn add_line(&mut self, new: NewLine) -> Result<LineId, Refusal> {
        existing(&self.users, new.user)?;
        existing(&self.contexts, new.context)?;
        let is_first = !self.lines.iter().any(|line| line.user == new.user);
        let id = self.lines.add(|id| Line {
            id,
            version: 1,
            user: new.user,
            is_main: is_first,
            extension: new.extension,
            context: new.context,
            device: new.device,
        });
        if new.is_main && !is_first {
            self.set_main_line(id)?;
        }
        Ok(id)
    }

    pub(crate) fn move_line(&mut self, id: LineId, context: ContextId) -> Result<(), Refusal> {
        existing(&self.lines, id)?;
        existing(&self.contexts, context)?;
        self.lines.edit(id, |line| line.context = context);
        Ok(())
    }

    /// Makes this the main line of its user, and no other line of theirs.
    pub(crate) fn set_main_line(&mut self, id: LineId) -> Result<(), Refusal> {
        let user = existing(&self.lines, id)?.user;
        let lines: Vec<LineId> = self.lines_of(user).iter().map(|line| line.id).collect();
        for line in lines {
            self.lines.edit(line, |line| line.is_main = line.id == id);
        }
        Ok(())
    }

    /// Removes a line; if it was the main line, the oldest of the user's other lines becomes it.
    pub(crate) fn remove_line(&mut self, id: LineId) -> Result<(), Refusal> {
        let line = existing(&self.lines, id)?;
        self.leave_queues(id);
        self.lines.remove(id);
        let heir = self.lines_of(line.user).first().map(|heir| heir.id);
        match heir {
            Some(heir) if line.is_main => self.set_main_line(heir),
            _ => Ok(()),
        }
    }

    pub(crate) fn add_voicemail(
        &mut self,
        mailbox: Mailbox,
        context: ContextId,
        user: Option<UserId>,
    ) -> Result<VoicemailId, Refusal> {
        existing(&self.contexts, context)?;
        if let Some(user) = user {
            existing(&self.users, user)?;
        }
        Ok(self.voicemails.add(|id| Voicemail { id, version: 1, mailbox, context, user }))
    }

    pub(crate) fn remove_voicemail(&mut self, id: VoicemailId) -> Result<(), Refusal> {
        existing(&self.voicemails, id)?;
        self.voicemails.remove(id);
        Ok(())
    }

    pub(crate) fn add_agent(&mut self, new: NewAgent) -> Result<AgentId, Refusal> {
        existing(&self.contexts, new.context)?;
        if let Some(user) = new.user {
            existing(&self.users, user)?;
        }
        Ok(self.agents.add(|id| Agent {
            id,
            version: 1,
            number: new.number,
            first_name: new.first_name,
            last_name: new.last_name,
            context: new.context,
            user: new.user,
        }))
    }

    /// Makes this agent the user's and no other; none: they have no agent then. Nobody's agent is taken from them
    /// unasked.
    pub(crate) fn set_agent_of(&mut self, user: UserId, agent: Option<AgentId>) -> Result<(), Refusal> {
        existing(&self.users, user)?;
        if let Some(id) = agent {
            let agent = existing(&self.agents, id)?;
            if let Some(holder) = agent.user.filter(|holder| *holder != user).and_then(|id| self.users.get(id)) {
                let holder = Box::new(holder.object_name(self).into());
                return Err(Refusal::new(Rule::C3, agent.object_name(self), Violation::Held { holder, more: "" }));
            }
        }
        let others = self.agents.iter().filter(|other| other.user == Some(user) && Some(other.id) != agent);
        let others: Vec<AgentId> = others.map(|other| other.id).collect();
        for other in others {
            self.agents.edit(other, |other| other.user = None);
        }
        if let Some(id) = agent {
            self.agents.edit(id, |agent| agent.user = Some(user));
        }
        Ok(())
    }

    /// Removes an agent, also from every queue of which it is a member.
    pub(crate) fn remove_agent(&mut self, id: AgentId) -> Result<(), Refusal> {
        existing(&self.agents, id)?;
        self.leave_queues(id);
        self.agents.remove(id);
        Ok(())
    }
}
