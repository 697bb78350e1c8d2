"""What the assistant can do: one module per topic, each a thin step between dialogue and CRM."""
