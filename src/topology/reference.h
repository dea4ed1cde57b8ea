// What users read about the YAML keys, written from the same tables that read the files.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace callflow::topology {

// Kinds that `callflow help KIND` explains: "topology", "scenario", "firewall", "call", ...
std::vector<std::string> helpKinds();

// The table of one kind as plain text of at most 100 columns; nothing if there is no such kind.
std::optional<std::string> helpText(const std::string& kind);

// Every preset with its values and its source, as plain text.
std::string presetsText();

// The built-in places of Azure as plain text: "regions" or "edges"; nothing for another topic.
std::vector<std::string> placeTopics();
std::optional<std::string> placesText(const std::string& topic);

// The committed pages docs/reference/topology.md and docs/reference/scenario.md.
std::string topologyReference();
std::string scenarioReference();

// JSON Schema (draft-07) texts for editors.
std::string topologySchema();
std::string scenarioSchema();

}  // namespace callflow::topology
