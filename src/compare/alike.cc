#include "src/compare/alike.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace callflow::compare {
namespace {

bool endsWord(char c) {
  return c == ' ' || c == ',' || c == ';' || c == ')' || c == '(';
}

// "alice@hq" of "alice@hq:", the end of a list or of a sentence.
std::string_view bare(std::string_view word) {
  while (!word.empty() && (word.back() == ':' || word.back() == '.')) word.remove_suffix(1);
  return word;
}

bool isParticipant(std::string_view word) {
  const std::size_t at = word.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < word.size();
}

// "10.1.0.2:50000"
bool isAddress(std::string_view word) {
  return std::count(word.begin(), word.end(), '.') == 3 &&
         word.find_first_not_of("0123456789.:") == std::string_view::npos;
}

// Calls `take` with every word and with what stands between words.
template <class Take>
void forEachWord(std::string_view text, Take take) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && !endsWord(text[end])) ++end;
    take(text.substr(at, end - at), end < text.size() ? text.substr(end, 1) : std::string_view{});
    at = end + 1;
  }
}

}  // namespace

std::string withoutPlaces(const std::string& reason) {
  std::string text;
  for (std::size_t at = 0; at < reason.size();) {
    // " (file.yaml:21)"
    if (reason.compare(at, 2, " (") == 0) {
      const std::size_t end = reason.find_first_of("()", at + 2);
      const std::size_t colon = reason.rfind(':', end);
      const bool number = end != std::string::npos && reason[end] == ')' && colon > at &&
                          colon + 1 < end &&
                          reason.find_first_not_of("0123456789", colon + 1) == end;
      if (number) {
        at = end + 1;
        continue;
      }
    }
    text += reason[at++];
  }
  return text;
}

std::string impersonal(const std::string& reason) {
  std::string text;
  const std::string plain = withoutPlaces(reason);
  forEachWord(plain, [&](std::string_view word, std::string_view between) {
    if (isParticipant(bare(word))) {
      text += '*';
    } else if (isAddress(bare(word))) {
      text += '#';
    } else {
      text += word;
    }
    text += between;
  });
  return text;
}

std::vector<std::string> participantsIn(const std::string& reason) {
  std::vector<std::string> found;
  forEachWord(reason, [&](std::string_view word, std::string_view) {
    const std::string name(bare(word));
    if (isParticipant(name) && std::find(found.begin(), found.end(), name) == found.end())
      found.push_back(name);
  });
  return found;
}

void Told::add(const std::string& head, const std::string& reason) {
  const std::string key = impersonal(reason);
  const auto known = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) {
    return line.head == head && line.key == key;
  });
  if (known == lines_.end()) {
    lines_.push_back({head, key, reason, {}});
    return;
  }
  const std::vector<std::string> first = participantsIn(known->reason);
  for (const std::string& name : participantsIn(reason)) {
    const auto in = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (!in(first) && !in(known->others)) known->others.push_back(name);
  }
}

std::string Told::text(const std::string& indent) const {
  std::string text;
  for (const Line& line : lines_) {
    text += indent + line.head + ": " + line.reason;
    if (!line.others.empty()) text += " (the same of " + listing(line.others, 4) + ")";
    text += '\n';
  }
  return text;
}

std::string listing(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  const bool cut = names.size() > most;
  const std::size_t told = cut ? most - 1 : names.size();
  for (std::size_t i = 0; i < told; ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  if (cut) text += fmt::format(" and {} more", names.size() - told);
  return text;
}

}  // namespace callflow::compare
