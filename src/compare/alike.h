// Reasons that are the same but for who is meant: in a group call there are many.
#pragma once

#include <string>
#include <vector>

namespace callflow::compare {

// The reason with a mark in place of every participant ("alice@hq") and address, and without places
// in files: the same rule often stands on another line of the other variant's file.
std::string impersonal(const std::string& reason);
std::string withoutPlaces(const std::string& reason);

// The participants that a reason names, each once.
std::vector<std::string> participantsIn(const std::string& reason);

// Reasons by what they say; each told once, in the words of the first, and for whom else it holds.
class Told {
 public:
  // `head` goes before the reason and tells lines apart: "A not direct".
  void add(const std::string& head, const std::string& reason);
  // "<indent>A not direct: alice@hq ... (so are bob@hq and 2 more)" lines, in the order of adding.
  std::string text(const std::string& indent) const;

 private:
  struct Line {
    std::string head, key, reason;
    std::vector<std::string> others;
  };
  std::vector<Line> lines_;
};

// "a, b and c"; of more than `most` "a, b and 7 more".
std::string listing(const std::vector<std::string>& names, std::size_t most);

}  // namespace callflow::compare
