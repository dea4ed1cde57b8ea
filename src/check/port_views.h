// What packets are tried on to find out which ports are closed: the network as it is, and as it
// would be if some devices refused nothing.
#pragma once

#include <set>
#include <string>

#include "src/check/context.h"
#include "src/check/trials.h"

namespace callflow::check {

struct PortView {
  explicit PortView(const Context& of) : context(of), trials(of.graph(), of.topology()) {}

  const Context& context;
  Trials trials;
};

// Where some devices let all pass that they would refuse by a rule: what stands behind them is met
// then.
class OpenedView {
 public:
  OpenedView(const Context& context, const std::set<std::string>& devices);

  PortView& view() { return view_; }
  // Who stands for a site here; null: nobody.
  const Person* at(const std::string& site) const;

 private:
  topology::Case case_;  // without calls: somebody is at each site
  Context context_;
  PortView view_;
};

}  // namespace callflow::check
