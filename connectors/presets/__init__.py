"""How each vendor signs what it sends, and what its payload says: one pure module per vendor, and the visible list of them."""

from __future__ import annotations

PRESETS: dict[str, str] = {
    "generic": "connectors.presets.generic",
    "chatwoot": "connectors.presets.chatwoot",
    "zendesk": "connectors.presets.zendesk",
    "whatsapp": "connectors.presets.whatsapp",
    "typeform": "connectors.presets.typeform",
    "slack": "connectors.presets.slack",
}
