#!/usr/bin/env bash
# Does tools/check-layers see what it is there to see? usage: check_layers_test.sh SOURCE_DIR SCRATCH_DIR
# Makes a small tree that is in order, then puts one fault at a time into it.
set -euo pipefail
check=$1/tools/check-layers
scratch=$2
failures=0

fresh() {
  rm -rf "$scratch"
  mkdir -p "$scratch"/{src/{units,diag,config,topology,explain,metrics,sim,results,compare,plot,cli,novel},models/{fabric,receiver},tests,bench}
  echo '#pragma once' >"$scratch/src/units/units.h"
  echo '#pragma once' >"$scratch/src/cli/cli.h"
  echo '#pragma once' >"$scratch/src/sim/run.h"
  echo '#pragma once' >"$scratch/tests/helper.h"
  echo '#pragma once' >"$scratch/src/config/table.h"
  echo '#pragma once' >"$scratch/models/fabric/parameters.h"
  echo '#pragma once' >"$scratch/models/receiver/frame_fate.h"
  printf '#pragma once\n#include "src/units/units.h"\n' >"$scratch/models/fabric/fabric.h"
  printf '#include "models/fabric/fabric.h"\n#include <ns3/simulator.h>\n' >"$scratch/src/sim/run.cc"
}

# Expects a fault in the file given whose line holds the text given.
refuses() {
  local file=$1 text=$2 content=$3
  fresh
  printf '%b\n' "$content" >"$scratch/$file"
  local said
  if said=$("$check" "$scratch"); then
    echo "not refused: $file: $content"
    failures=$((failures + 1))
  elif ! grep -qF "$text" <<<"$said" || ! grep -q "^$file:" <<<"$said"; then
    echo "refused, but not for \"$text\" in $file: $said"
    failures=$((failures + 1))
  fi
}

accepts() {
  local file=$1 content=$2
  fresh
  printf '%b\n' "$content" >"$scratch/$file"
  local said
  if ! said=$("$check" "$scratch"); then
    echo "refused: $file: $content: $said"
    failures=$((failures + 1))
  fi
}

accepts src/sim/other.cc '#include "src/units/units.h"\n#include <vector>'
refuses src/units/a.cc 'standard library only' '#include "src/sim/run.h"'
refuses src/diag/a.cc 'standard library only' '#include "src/units/units.h"'
refuses src/topology/a.cc 'may not include src/sim' '#include "src/sim/run.h"'
refuses src/results/a.cc 'may not include models' '#include "models/fabric/fabric.h"'
refuses models/fabric/a.cc 'models include src/units' '#include "src/sim/run.h"'
accepts models/fabric/keys.cc '#include "src/config/table.h"'
refuses models/fabric/box.cc 'models include src/units' '#include "src/config/table.h"'
refuses models/fabric/parameters.h 'parameters.h includes parameters only' '#include "models/fabric/fabric.h"'
accepts src/topology/a.h '#include "models/fabric/parameters.h"'
refuses src/topology/a.cc 'may not include models' '#include "models/fabric/fabric.h"'
accepts src/metrics/a.h '#include "models/receiver/frame_fate.h"'
refuses src/metrics/a.h 'may not include models' '#include "models/fabric/parameters.h"'
refuses src/sim/a.cc 'may not include src/cli' '#include "src/cli/cli.h"'
refuses tests/a.cc 'nobody includes src/cli' '#include "src/cli/cli.h"'
refuses src/topology/a.cc 'yaml-cpp' '#include <yaml-cpp/yaml.h>'
accepts src/config/a.cc '#include <yaml-cpp/yaml.h>'
refuses src/config/a.cc 'Boost.Graph' '#include <boost/graph/adjacency_list.hpp>'
accepts src/topology/a.cc '#include <boost/graph/adjacency_list.hpp>'
refuses src/explain/a.cc 'ns-3' '#include <ns3/simulator.h>'
refuses src/sim/a.cc 'nlohmann-json' '#include <nlohmann/json.hpp>'
refuses src/results/a.cc 'CLI11' '#include <CLI/CLI.hpp>'
refuses src/sim/a.cc 'repository root' '#include "run.h"'
refuses src/sim/a.cc 'no such file' '#include "src/sim/gone.h"'
refuses src/sim/a.cc 'write callflow' '#include <src/sim/run.h>'
refuses src/sim/a.cc 'does not include its tests' '#include "tests/helper.h"'
refuses src/sim/a.h 'seconds' 'void wait(double seconds);'
refuses src/sim/a.h 'timeout_ms' 'struct A { int timeout_ms = 3; };'
refuses models/fabric/a.h 'delayMs' 'void wait(int n, std::int64_t delayMs);'
accepts src/sim/a.h 'void wait(Duration delay, int runs, double items);  // not: int ms'
refuses src/novel/a.cc 'is in no row' '#include <vector>'

rm -rf "$scratch"
[[ $failures -eq 0 ]]
