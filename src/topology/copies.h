// Calls and participants that are written once and stand for many.
#pragma once

#include <vector>

#include "src/topology/scenario.h"

namespace callflow::topology {

// `{participants: [agent@hq, customer@home], count: 200}` becomes 200 calls of the same name, of
// agent-1 and customer-1, agent-2 and customer-2 and so on; `member@home x 30` becomes member-1 to
// member-30 of one call. What senders name goes with it. Calls without a count stay as they are.
std::vector<Call> withCopies(const std::vector<Call>& written);

// How many take part in one copy of a call.
std::size_t sizeOf(const Call& call);

}  // namespace callflow::topology
