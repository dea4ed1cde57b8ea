// Presets: names that stand for values of several keys of a table.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "src/config/row.h"
#include "src/config/table_base.h"
#include "src/units/quoted.h"

namespace callflow::config {
namespace {

constexpr std::size_t kMostNear = 6;

// What `name` may have meant: the nearest by spelling, then those that it is a part of ("lte" of
// "apple-lte") or that are a part of it.
std::string nearPresets(const std::string& name, const std::vector<std::string>& all) {
  std::vector<std::string> near;
  if (std::string nearest = nearestName(name, all); !nearest.empty()) near.push_back(nearest);
  for (const std::string& other : all) {
    const bool related = name.size() > 1 && (other.find(name) != std::string::npos ||
                                             name.find(other) != std::string::npos);
    if (related && near.size() < kMostNear && (near.empty() || near.front() != other)) {
      near.push_back(other);
    }
  }
  std::string out;
  for (std::size_t i = 0; i < near.size(); ++i) {
    out += i == 0 ? "" : i + 1 == near.size() ? " or " : ", ";
    out += "\"" + near[i] + "\"";
  }
  return out;
}

}  // namespace

std::optional<std::size_t> PresetChoice::find(std::string_view name) const {
  for (std::size_t i = 0; all != nullptr && i < all->size(); ++i) {
    const Preset& preset = (*all)[i];
    if (preset.name == name ||
        std::find(preset.aliases.begin(), preset.aliases.end(), name) != preset.aliases.end())
      return i;
  }
  return {};
}

std::vector<std::string> PresetChoice::names() const {
  std::vector<std::string> out;
  for (const Preset& preset : *all) {
    out.push_back(preset.name);
    out.insert(out.end(), preset.aliases.begin(), preset.aliases.end());
  }
  return out;
}

void TableBase::preparePresets(std::string key, const std::vector<Preset>& all, RowSpec spec) {
  presets_.key = std::move(key);
  presets_.spec = std::move(spec);
  presets_.all = &all;
}

bool TableBase::overlayPreset(const Context& context, void* object, KeySet& used) const {
  const Node::Entry* entry = presets_.key.empty() ? nullptr : context.node()->find(presets_.key);
  if (entry == nullptr) return true;
  used.insert(presets_.key);
  const Context at = context.forKey(presets_.key, entry->value, entry->keyPos);
  constexpr const char* kSee = " (see: callflow help presets)";
  if (!entry->value->isScalar()) {
    at.valueError("is " + entry->value->kindName() + ", not the name of a preset",
                  "write for example \"" + presets_.all->front().name + "\"" + kSee);
    return false;
  }
  const std::string& name = entry->value->text();
  const std::optional<std::size_t> found = presets_.find(name);
  if (!found) {
    const std::string near = nearPresets(name, presets_.names());
    at.valueError("there is no preset " + quoted(name), near.empty()
                                                            ? "callflow help presets lists them"
                                                            : "did you mean " + near + "?" + kSee);
    return false;
  }
  setDefaults(object);
  Diagnostics faults;
  // Read when it is asked for: there are many, and a file names few.
  const std::string where = kind_ + " preset " + name;
  const Context values(faults, tableText((*presets_.all)[*found].values, where), where, {});
  KeySet known;
  if (!overlayOwn(values.partial(), object, known) || !reportUnknown(values, known)) {
    throw std::logic_error("preset " + name + " of " + kind_ + ": " +
                           faults.all().front().render());
  }
  return true;
}

}  // namespace callflow::config
