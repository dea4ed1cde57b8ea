#include "src/topology/copies.h"

#include <algorithm>
#include <string>

namespace callflow::topology {
namespace {

std::string numbered(const std::string& name, int count, int number) {
  return count > 1 ? name + "-" + std::to_string(number) : name;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Call copyOf(const Call& written, int number) {
  Call made = written;
  made.copy = number - 1;
  made.participants.clear();
  made.senders.clear();
  made.relayOnly.clear();
  for (const Participant& who : written.participants) {
    for (int i = 1; i <= who.count; ++i) {
      Participant one = who;
      one.count = 1;
      one.name = numbered(numbered(who.name, who.count, i), written.count, number);
      if (holds(written.senders, who.name)) made.senders.push_back(one.name);
      if (holds(written.relayOnly, who.name)) made.relayOnly.push_back(one.name);
      made.participants.push_back(std::move(one));
    }
  }
  return made;
}

}  // namespace

std::vector<Call> withCopies(const std::vector<Call>& written) {
  std::vector<Call> calls;
  for (const Call& call : written)
    for (int number = 1; number <= call.count; ++number) calls.push_back(copyOf(call, number));
  return calls;
}

std::size_t sizeOf(const Call& call) {
  std::size_t people = 0;
  for (const Participant& who : call.participants) people += static_cast<std::size_t>(who.count);
  return people;
}

}  // namespace callflow::topology
