#include "src/topology/load.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "src/config/load.h"
#include "src/config/path.h"
#include "src/config/table.h"
#include "src/topology/accesses.h"
#include "src/topology/copies.h"
#include "src/topology/expectations.h"
#include "src/topology/idle.h"
#include "src/topology/overrides.h"
#include "src/topology/scenario_table.h"
#include "src/topology/scenario_warnings.h"
#include "src/topology/sweep.h"
#include "src/topology/telephones.h"
#include "src/topology/topology_table.h"
#include "src/topology/validate.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

using config::NodePtr;

const config::Table<TopologyFile>& topologyTable() {
  return tableOf(static_cast<const TopologyFile*>(nullptr));
}

const config::Table<ScenarioFile>& scenarioTable() {
  return tableOf(static_cast<const ScenarioFile*>(nullptr));
}

bool looksLikeScenario(const NodePtr& root) {
  for (const char* key :
       {"scenario", "calls", "variants", "runs", "expect", "traffic", "events", "sweep"})
    if (root->find(key) != nullptr) return true;
  return false;
}

// Adds to `all` what `more` has found.
void merge(const Diagnostics& more, Diagnostics& all) {
  for (const Diagnostic& fault : more.all()) {
    if (fault.severity == Severity::error)
      all.error(fault.pos, fault.path, fault.problem, fault.advice);
    else
      all.warning(fault.pos, fault.path, fault.problem, fault.advice);
  }
}

// Reads and checks one network as far as faults allow; `out` holds what could be read.
void readTopology(const NodePtr& root, const std::string& prefix, Diagnostics& diagnostics,
                  Topology& out) {
  TopologyFile file;
  Diagnostics reading;
  config::readInto(root, topologyTable(), reading, prefix, &file);
  out = toTopology(file);
  // Faults of keys, found before reading, count as well: what follows from them is not told.
  Diagnostics known = diagnostics;
  merge(reading, known);
  validateTopology(out, Places(root, prefix, known), reading);
  merge(reading, diagnostics);
}

bool isPlace(const SourcePos& a, const SourcePos& b) {
  return a.line == b.line && a.column == b.column && a.file && b.file && *a.file == *b.file;
}

bool holds(const config::Node& node, const SourcePos& pos) {
  if (isPlace(node.pos(), pos)) return true;
  for (const NodePtr& item : node.items())
    if (holds(*item, pos)) return true;
  for (const config::Node::Entry& entry : node.entries())
    if (isPlace(entry.keyPos, pos) || holds(*entry.value, pos)) return true;
  return false;
}

// The component of a key path that says whose key it is.
std::string head(const std::string& path) {
  return path.substr(0, path.find_first_of(".["));
}

// A scenario with its network: two trees, because the network may be a file of its own.
struct Trees {
  NodePtr scenario;
  NodePtr network;     // null if there is none that can be read
  std::string prefix;  // of key paths inside the network
};

class ScenarioLoader {
 public:
  ScenarioLoader(std::string path, const Overrides& overrides, Diagnostics& diagnostics)
      : path_(std::move(path)), overrides_(overrides), diagnostics_(diagnostics) {}

  std::optional<Scenario> load() {
    const int before = diagnostics_.errorCount();
    const config::LoadedFile file = config::loadFile(path_, diagnostics_);
    if (!file.partial) return {};
    sound_ = file.root != nullptr;
    if (!looksLikeScenario(file.partial) && file.partial->find("sites") != nullptr) {
      diagnostics_.error(file.partial->pos(), "", "is a topology, not a scenario",
                         "write a scenario with topology: and calls:");
      return {};
    }
    scenario_.file = path_;
    scenario_.inputs.push_back({path_, file.text});
    Trees base;
    base.scenario = file.partial;
    if (const config::Node::Entry* entry = file.partial->find("topology")) {
      network(*entry, base, diagnostics_);  // else the table says that the key is required
    }

    settings_ = readSettings(overrides_, diagnostics_);
    for (const config::Node::Entry& setting : settings_.entries) {
      if (isOfWholeScenario(setting.key))
        set(base.scenario, scenarioTable(), setting, "--set", diagnostics_);
    }
    ScenarioFile written;
    Diagnostics reading;
    config::readInto(base.scenario, scenarioTable(), reading, "", &written);
    merge(reading, diagnostics_);
    heading(written);
    change(written.change, "change", base, diagnostics_);

    const std::vector<Cell> cells = cellsOf(written.sweep, diagnostics_);
    if (!cells.empty()) refuseOverriddenAxes(settings_, cells.front(), diagnostics_);
    if (written.variants.empty() && written.sweep.empty()) makeSettings(base, diagnostics_);
    Case plain = readCase("base", base, written, diagnostics_);
    plainResolved_ = plain.resolvedYaml.empty() ? "" : withoutVariants(plain.resolvedYaml);
    if (written.variants.empty() && written.sweep.empty()) {
      findIdleIn(plain, base);
      scenario_.cases.push_back(std::move(plain));
    } else if (written.variants.empty())
      readCells("base", {}, base, cells, written);
    for (const auto& [name, variant] : written.variants)
      readCells(name, variant, base, cells, written);
    tellOfSettings();
    std::vector<std::string> variants;
    for (const auto& [name, variant] : written.variants) variants.push_back(name);
    scenario_.expect = readExpectations(written.expect, variants, scenario_.cases, diagnostics_);
    keepVariants(overrides_.variants, path_, scenario_, diagnostics_);
    if (diagnostics_.errorCount() == before) warn(file.partial);
    if (!sound_ || diagnostics_.errorCount() > before) return {};
    return std::move(scenario_);
  }

 private:
  void heading(const ScenarioFile& written) {
    scenario_.name = written.name;
    scenario_.title = written.title.value_or("");
    scenario_.runs = written.runs;
    scenario_.seed = written.seed;
    scenario_.warmUp = written.warmUp;
    scenario_.drain = written.drain;
  }

  // What is no fault, and still hardly meant.
  void warn(const NodePtr& root) {
    for (const Finding& found : inEvery(findings_))
      diagnostics_.warning(found.pos, found.path, found.problem, found.advice);
    warnOfSameVariants(root, scenario_.cases, plainResolved_, diagnostics_);
  }

  // Finds the network that `topology:` means. Says why not, if there is none.
  void network(const config::Node::Entry& entry, Trees& trees, Diagnostics& diagnostics) {
    trees.network = nullptr;
    const NodePtr& ref = entry.value;
    if (ref->isMap()) {
      trees.network = ref;
      trees.prefix = "topology";
      return;
    }
    if (!ref->isScalar()) {
      // What is left empty stands nowhere: the key does.
      diagnostics.error(ref->isNull() ? entry.keyPos : ref->pos(), "topology",
                        "is " + ref->kindName() + ", not a path or a map",
                        "write for example topologies/contoso.yaml");
      return;
    }
    // What comes through a pipe lies in no folder of its own.
    const std::filesystem::path own =
        config::isStream(path_) ? "" : std::filesystem::path(path_).parent_path();
    const std::string name = (own / ref->text()).lexically_normal().string();
    std::error_code unreadable;
    if (!std::filesystem::exists(name, unreadable)) {
      diagnostics.error(ref->pos(), "topology", "there is no file " + quoted(name),
                        "write a path that starts at the folder of this scenario");
      return;
    }
    if (std::filesystem::is_directory(name, unreadable)) {
      diagnostics.error(
          ref->pos(), "topology", quoted(ref->text()) + " is a directory",
          "write the path of a YAML file with sites:, such as topologies/contoso.yaml");
      return;
    }
    auto at = files_.find(name);
    if (at == files_.end()) {
      const config::LoadedFile file = config::loadFile(name, diagnostics_);
      sound_ = sound_ && file.root != nullptr;
      at = files_.emplace(name, file.partial).first;
      if (file.partial) scenario_.inputs.push_back({name, file.text});
    }
    if (!at->second) return;
    if (looksLikeScenario(at->second)) {
      diagnostics.error(ref->pos(), "topology", quoted(name) + " is a scenario, not a topology",
                        "write the path of a file with sites:");
      return;
    }
    trees.network = at->second;
    trees.prefix.clear();
  }

  void change(const config::RawMap& changes, const std::string& where, Trees& trees,
              Diagnostics& diagnostics) {
    // Another network first: the other changes are made to it.
    for (const config::Node::Entry& entry : changes.entries)
      if (entry.key == "topology") network(entry, trees, diagnostics);
    const std::vector<std::string> ofNetwork = topologyTable().keys(nullptr);
    for (const config::Node::Entry& entry : changes.entries) {
      if (entry.key == "topology") continue;
      const std::string first = head(entry.key);
      const std::string path = where + "." + entry.key;
      if (entry.key.starts_with("topology.")) {
        diagnostics.error(entry.keyPos, path, "key paths of the network begin below \"topology\"",
                          "write " + quoted(entry.key.substr(std::string("topology.").size())));
      } else if (std::find(ofNetwork.begin(), ofNetwork.end(), first) != ofNetwork.end()) {
        if (!trees.network) continue;
        set(trees.network, topologyTable(), entry, path, diagnostics);
      } else if (first == "calls" || first == "traffic" || first == "events") {
        set(trees.scenario, scenarioTable(), entry, path, diagnostics);
      } else {
        refuse(first, path, entry.keyPos, diagnostics);
      }
    }
  }

  static void set(NodePtr& tree, const config::TableBase& table, const config::Node::Entry& entry,
                  const std::string& path, Diagnostics& diagnostics) {
    warnOfReset(tree, entry, path, diagnostics);
    NodePtr changed =
        config::setPath(tree, table, entry.key, entry.value, entry.keyPos, path, diagnostics);
    if (changed) tree = std::move(changed);
  }

  static void refuse(const std::string& first, const std::string& path, const SourcePos& pos,
                     Diagnostics& diagnostics) {
    std::vector<std::string> names = topologyTable().keys(nullptr);
    names.insert(names.end(), {"calls", "traffic", "events"});
    const std::vector<std::string> all = scenarioTable().keys(nullptr);
    if (std::find(all.begin(), all.end(), first) != all.end()) {
      diagnostics.error(pos, path, quoted(first) + " is the same for all variants",
                        "change keys of the topology, calls, traffic or events");
      return;
    }
    const std::string near = nearestName(first, names);
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    diagnostics.error(
        pos, path, "there is no key " + quoted(first) + " to change",
        near.empty() ? "start with one of: " + list : "did you mean " + quoted(near) + "?");
  }

  // One variant in every cell. A fault that a change brings about somewhere else needs the case's
  // name to be understood, and only the first of the cases that share it.
  void readCells(const std::string& baseName, const Variant& variant, const Trees& base,
                 const std::vector<Cell>& cells, const ScenarioFile& written) {
    Trees changed = base;
    Diagnostics ofVariant;
    change(variant.change, "variants." + baseName + ".change", changed, ofVariant);
    if (!cells.empty()) refuseOverridden(baseName, variant, cells.front(), ofVariant);
    std::vector<NodePtr> changes = {config::Node::makeMap(variant.change.entries)};
    std::set<std::string> known;
    for (const Diagnostic& fault : diagnostics_.all()) known.insert(fault.render());
    for (const Cell& cell : cells) {
      Trees trees = changed;
      Diagnostics found = ofVariant;
      changes.resize(1);
      for (std::size_t axis = 0; axis < cell.at.size(); ++axis) {
        change(cell.changes[axis], cell.where[axis], trees, found);
        changes.push_back(config::Node::makeMap(cell.changes[axis].entries));
      }
      const std::string name = caseName(baseName, !written.variants.empty(), cell.at);
      makeSettings(trees, found);
      Case result = readCase(name, trees, written, found, baseName);
      if (&cell == &cells.front()) findIdleIn(result, trees);
      result.cell = cell.at;
      for (const Diagnostic& fault : found.all()) {
        if (isOfSetting(fault)) {
          auto& [first, cases] = ofSettings_[fault.render()];
          if (cases.empty()) first = fault;
          cases.push_back(name);
          continue;
        }
        if (!known.insert(fault.render()).second) continue;
        const bool own = std::any_of(changes.begin(), changes.end(),
                                     [&](const NodePtr& node) { return holds(*node, fault.pos); });
        const std::string suffix = own ? "" : " (in variant " + quoted(name) + ")";
        if (fault.severity == Severity::error)
          diagnostics_.error(fault.pos, fault.path, fault.problem + suffix, fault.advice);
        else
          diagnostics_.warning(fault.pos, fault.path, fault.problem + suffix, fault.advice);
      }
      scenario_.cases.push_back(std::move(result));
    }
  }

  static bool isOfSetting(const Diagnostic& fault) {
    return fault.pos.file && fault.pos.file->starts_with("--set ");
  }

  // What is wrong with a setting is so in most cases alike: told once, and of where only if that
  // says something.
  void tellOfSettings() {
    for (const auto& [text, found] : ofSettings_) {
      const auto& [fault, cases] = found;
      const bool everywhere = cases.size() == scenario_.cases.size();
      const std::string suffix = everywhere ? "" : " (in variant " + quoted(cases.front()) + ")";
      if (fault.severity == Severity::error)
        diagnostics_.error(fault.pos, fault.path, fault.problem + suffix, fault.advice);
      else
        diagnostics_.warning(fault.pos, fault.path, fault.problem + suffix, fault.advice);
    }
  }

  void makeSettings(Trees& trees, Diagnostics& diagnostics) {
    config::RawMap settings;
    for (const config::Node::Entry& setting : settings_.entries)
      if (!isOfWholeScenario(setting.key)) settings.entries.push_back(setting);
    change(settings, "--set", trees, diagnostics);
  }

  void findIdleIn(const Case& one, const Trees& trees) {
    if (one.resolvedYaml.empty()) return;  // it has faults
    findings_.push_back(findIdle(one.topology, one.calls, trees.prefix));
  }

  // What a variant changes and an axis changes after it has no effect.
  static void refuseOverridden(const std::string& name, const Variant& variant, const Cell& cell,
                               Diagnostics& diagnostics) {
    for (const config::Node::Entry& own : variant.change.entries) {
      for (std::size_t axis = 0; axis < cell.at.size(); ++axis) {
        for (const config::Node::Entry& swept : cell.changes[axis].entries) {
          if (own.key != swept.key && !own.key.starts_with(swept.key + ".") &&
              !own.key.starts_with(swept.key + "["))
            continue;
          diagnostics.error(own.keyPos, "variants." + name + ".change." + own.key,
                            "has no effect, as axis " + quoted(cell.at[axis].axis) + " changes " +
                                quoted(swept.key) + " in every cell",
                            "leave out one of the two");
        }
      }
    }
  }

  // One variant, read and checked as if it were a file.
  Case readCase(const std::string& name, const Trees& trees, const ScenarioFile& written,
                Diagnostics& diagnostics, const std::string& base = "base") {
    Case result;
    result.variant = name;
    result.base = base;
    Diagnostics networkFaults;
    if (trees.network) readTopology(trees.network, trees.prefix, networkFaults, result.topology);
    ScenarioFile file;
    Diagnostics reading;
    config::readInto(trees.scenario, scenarioTable(), reading, "", &file);
    findTelephones(result.topology, file.calls);
    const Places places(trees.scenario, "", reading);
    const Places network(trees.network, trees.prefix, networkFaults);
    validateCase(
        {result.topology, trees.prefix, network, !trees.network || networkFaults.hasErrors(),
         file.calls, file.traffic, file.events, file.warmUp, file.drain},
        places, reading);
    result.calls = withCopies(file.calls);
    preferAccesses(result.topology, result.calls);
    result.traffic = file.traffic;
    result.events = file.events;
    if (!networkFaults.hasErrors() && !reading.hasErrors() && trees.network)
      result.resolvedYaml = resolved(name, base, file, result.topology, written);
    merge(networkFaults, diagnostics);
    merge(reading, diagnostics);
    return result;
  }

  // The scenario with this variant's changes carried out. The variant keeps its name, and the
  // expectations about it.
  static std::string resolved(const std::string& name, const std::string& base, ScenarioFile file,
                              const Topology& topology, const ScenarioFile& written) {
    file.topology.node = config::write(topologyTable(), toFile(topology));
    file.change.entries.clear();
    file.variants.clear();
    file.sweep.clear();
    // A cell's name is none that a file may give, so the variant keeps its own.
    const bool named = !written.variants.empty();
    if (named) file.variants.emplace_back(base, Variant{});
    keepExpectationsOf(name, base, named, file.calls, file.expect);
    return config::toYaml(*config::write(scenarioTable(), file));
  }

  const std::string path_;
  const Overrides& overrides_;
  Diagnostics& diagnostics_;
  config::RawMap settings_;  // of --set
  // Faults of settings by their text, and the cases that have them.
  std::map<std::string, std::pair<Diagnostic, std::vector<std::string>>> ofSettings_;
  std::vector<Findings> findings_;  // of each variant
  std::string plainResolved_;       // the scenario as it stands, without variants
  Scenario scenario_;
  std::map<std::string, NodePtr> files_;  // networks read so far
  bool sound_ = true;                     // no file has faults of YAML or of keys
};

}  // namespace

std::optional<FileKind> fileKind(const std::string& path, Diagnostics& diagnostics) {
  Diagnostics found;
  const config::LoadedFile file = config::loadFile(path, found);
  // Faults of single keys do not hide the kind; whoever loads the file reports them, once.
  if (file.partial)
    return looksLikeScenario(file.partial) ? FileKind::scenario : FileKind::topology;
  merge(found, diagnostics);
  return {};
}

std::optional<Topology> loadTopology(const std::string& path, Diagnostics& diagnostics) {
  const int before = diagnostics.errorCount();
  const config::LoadedFile file = config::loadFile(path, diagnostics);
  if (!file.partial) return {};
  if (looksLikeScenario(file.partial)) {
    diagnostics.error(file.partial->pos(), "", "is a scenario, not a topology",
                      "name the file with its sites");
    return {};
  }
  Topology topology;
  readTopology(file.partial, "", diagnostics, topology);
  // A fault that the caller has met before (by fileKind) is not counted again, hence the first
  // half.
  if (!file.root || diagnostics.errorCount() > before) return {};
  for (const Finding& found : findIdle(topology, {}, "").found)
    diagnostics.warning(found.pos, found.path, found.problem, found.advice);
  return topology;
}

std::optional<Scenario> loadScenario(const std::string& path, Diagnostics& diagnostics,
                                     const Overrides& overrides) {
  return ScenarioLoader(path, overrides, diagnostics).load();
}

std::string resolvedText(const Topology& topology) {
  return config::toYaml(*config::write(topologyTable(), toFile(topology)));
}

bool validateFile(const std::string& path, Diagnostics& diagnostics) {
  const auto kind = fileKind(path, diagnostics);
  if (!kind) return false;
  if (*kind == FileKind::scenario) return loadScenario(path, diagnostics).has_value();
  return loadTopology(path, diagnostics).has_value();
}

}  // namespace callflow::topology
