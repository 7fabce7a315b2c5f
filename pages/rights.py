"""What not everybody may read or write: the store's own functions, each asking for the role itself at every call.

A page draws nothing that its reader may not see, but that is a courtesy: these are the locks. No other file of pages/ imports
the functions below from the store; a test looks.
"""

from __future__ import annotations

from config.active import choose_store as _choose_store
from pages.roles import guarded
from store.corridor import jobs as _jobs
from store.people import annotations as _annotations
from store.people import audit as _audit
from store.people import changes as _changes
from store.people import choices as _choices
from store.people import corrections as _corrections
from store.people import departments as _departments
from store.people import journey_edits as _journey_edits
from store.people import journeys as _journeys
from store.people import keeping as _keeping
from store.people import mailing as _mailing
from store.people import meetings as _meetings
from store.people import panel as _panel
from store.people import promises as _promises
from store.people import touchpoints as _touchpoints
from store.people import walls as _walls
from store.reads import sources as _sources
from store.reads import voices as _voices

# Who listens to customers one by one.
_listener = guarded("manager", "marketing", "privacy")
read_voices, read_voice = _listener(_voices.read_voices), _listener(_voices.read_voice)
base_rate, count_voices = _listener(_voices.base_rate), _listener(_voices.count_voices)
enough_customers, corrected = _listener(_voices.enough_customers), _listener(_corrections.corrected)
correct_stage, correct_sentiment = _listener(_corrections.correct_stage), _listener(_corrections.correct_sentiment)
approve_quote, refuse_quote = _listener(_corrections.approve_quote), _listener(_corrections.refuse_quote)
report_leak, count_corrections = _listener(_corrections.report_leak), _listener(_corrections.count_corrections)

# Who sees what comes in, and what could not be read: payloads in quarantine are not masked yet, so their reasons are kept close.
read_gaps, read_imports = _listener(_sources.read_gaps), _listener(_sources.read_imports)
read_quarantine, count_quarantine = _listener(_sources.read_quarantine), _listener(_sources.count_quarantine)
jobs = _listener(_jobs.jobs)

# Who registers promises and changes.
_writer = guarded("manager", "marketing")
save_draft, approve = _writer(_promises.save_draft), _writer(_promises.approve)
reject, retire = _writer(_promises.reject), _writer(_promises.retire)
register_change, advance = _writer(_changes.register_change), _writer(_changes.advance)
record_check, set_boss_stage = _writer(_changes.record_check), _writer(_choices.set_boss_stage)
spoke_with, leave_panel = _writer(_panel.spoke_with), _writer(_panel.leave_panel)
name_one_thing, close_thing = _writer(_meetings.name_one_thing), _writer(_meetings.close_thing)
save_touchpoint = _writer(_touchpoints.save_touchpoint)
save_meeting = _writer(_meetings.save_meeting)
annotate = _writer(_annotations.annotate)
ask = _writer(_jobs.ask)

# Who manages the house, and who watches over it.
_manager = guarded("manager")
screens, confirm = _manager(_walls.screens), _manager(_walls.confirm)
change_wall, revoke = _manager(_walls.change), _manager(_walls.revoke)
set_house_quotes = _manager(_walls.set_house_quotes)
set_departments, set_mailing = _manager(_departments.set_departments), _manager(_mailing.set_mailing)
cancel, choose_store = _manager(_jobs.cancel), _manager(_choose_store)
choose_journey, edit_journey = _manager(_journeys.choose_journey), _manager(_journey_edits.edit_journey)
_watcher = guarded("manager", "privacy")
set_keep_days = _watcher(_keeping.set_keep_days)
entries, verify = _watcher(_audit.entries), _watcher(_audit.verify)
ask_training = _watcher(_corrections.ask_training)
