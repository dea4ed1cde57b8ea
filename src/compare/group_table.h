// Who suffers in a large group, at the end of `callflow run`.
#pragma once

#include <string>
#include <vector>

#include "src/compare/table.h"
#include "src/metrics/run_record.h"

namespace callflow::compare {

// Up to so many are told of one by one.
inline constexpr std::size_t kSmallGroup = 10;

bool hasLargeGroup(const std::vector<const metrics::RunRecord*>& runs);
// Of the participants of a variant's large groups: all, by site and by leg, and the worst ten;
// nothing if there is none.
std::string largeGroupsText(const std::string& variant,
                            const std::vector<const metrics::RunRecord*>& runs,
                            const Layout& layout);

}  // namespace callflow::compare
