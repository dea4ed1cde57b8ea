#include <algorithm>
#include <utility>

#include "src/config/path.h"
#include "src/topology/validate.h"

namespace callflow::topology {
namespace {

bool isBelow(const std::string& path, const std::string& above) {
  if (above.empty()) return true;
  if (path.compare(0, above.size(), above) != 0) return false;
  return path.size() == above.size() || path[above.size()] == '.' || path[above.size()] == '[';
}

}  // namespace

Places::Places(config::NodePtr root, std::string prefix, const Diagnostics& found)
    : root_(std::move(root)), prefix_(std::move(prefix)) {
  for (const Diagnostic& fault : found.all())
    if (fault.severity == Severity::error) faults_.push_back(fault.path);
}

SourcePos Places::at(const std::string& path) const {
  return config::positionOf(root_, path);
}

std::string Places::shown(const std::string& path) const {
  if (prefix_.empty() || path.empty()) return prefix_ + path;
  return prefix_ + "." + path;
}

bool Places::written(const std::string& path) const {
  return root_ != nullptr && config::valueAt(root_, path) != nullptr;
}

bool Places::faulty(const std::string& path) const {
  const std::string full = shown(path);
  return std::any_of(faults_.begin(), faults_.end(), [&](const std::string& fault) {
    return isBelow(fault, full) || isBelow(full, fault);
  });
}

bool Places::hidesNames() const {
  if (root_ == nullptr) return true;
  const std::size_t own = prefix_.empty() ? 0 : prefix_.size() + 1;
  return std::any_of(faults_.begin(), faults_.end(), [&](const std::string& fault) {
    return fault.find('.', std::min(own, fault.size())) == std::string::npos;
  });
}

std::string Places::item(const std::string& list, std::size_t index) const {
  const config::NodePtr items = root_ ? root_->get(list) : nullptr;
  if (items && index < items->items().size()) {
    const config::NodePtr name = items->items()[index]->get("name");
    if (name && name->isScalar()) return list + "." + name->text();
  }
  return list + "[" + std::to_string(index) + "]";
}

}  // namespace callflow::topology
