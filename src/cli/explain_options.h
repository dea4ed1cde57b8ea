// What `callflow explain` was asked, and what answers it.
#pragma once

#include <string>
#include <vector>

namespace callflow::cli {

struct ExplainOptions {
  std::vector<std::string> files;  // one, or two to be compared
  std::string call;
  std::string variant;
  std::string against;  // another variant
  std::string from, to;
  int udp = 0, tcp = 0;  // ports; 0: not asked about
  bool fix = false;
  bool verbose = false;  // every candidate and every pair, too
  std::string format = "text";

  bool json() const { return format == "json"; }
};

// --from A --to B: whether a packet gets there, and its answer back.
int explainReachability(const ExplainOptions& options);
// Two files, or --variant A --against B of one: which paths differ, and why.
int explainDifference(const ExplainOptions& options);

// --fix: the smallest changes that give a call a better kind of path.
int explainFixes(const ExplainOptions& options);

}  // namespace callflow::cli
