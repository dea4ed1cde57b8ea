// The parameter tables of a scenario.
#pragma once

#include "models/client/keys.h"
#include "models/conference/keys.h"
#include "models/congestion/keys.h"
#include "models/fabric/keys.h"
#include "models/media/keys.h"
#include "models/transport/keys.h"
#include "models/video/keys.h"
#include "src/config/table.h"
#include "src/topology/scenario.h"
#include "src/topology/text_forms.h"

namespace callflow::topology {

// `topology:` of a scenario: a path, or the network itself.
struct TopologyRef {
  config::NodePtr node;  // null if not written
};

// `forget:` of an event: flows of which protocols; none: it forgets nothing.
struct ForgetText {
  std::optional<wire::RuleProtocol> which;
};

// `change:` holds key paths of the topology, the calls or the events with their new values.
struct Variant {
  config::RawMap change;
};

// A key path with its place.
struct KeyPath {
  std::string text;
  SourcePos pos;
};

// One axis of `sweep:`.
struct Axis {
  std::vector<KeyPath> keys;
  config::NodePtr values;           // as written; null if not
  std::vector<std::string> labels;  // what results call the values; empty: as written
  SourcePos pos;
};

// An expectation before its metric is looked up.
struct ExpectationText {
  std::string text;
  SourcePos pos;
};

// What a scenario file says.
struct ScenarioFile {
  std::string name;
  std::optional<std::string> title;
  TopologyRef topology;
  config::RawMap change;
  std::vector<Call> calls;
  std::vector<Traffic> traffic;
  std::vector<LinkChange> events;
  Named<Variant> variants;
  Named<Axis> sweep;
  int runs = 0;
  std::uint64_t seed = 0;
  Duration warmUp;
  Duration drain;
  std::vector<ExpectationText> expect;
};

const config::Table<Call>& tableOf(const Call*);
const config::Table<LinkChange::Direction>& tableOf(const LinkChange::Direction*);
const config::Table<LinkChange>& tableOf(const LinkChange*);
const config::Table<Traffic>& tableOf(const Traffic*);
const config::Table<Variant>& tableOf(const Variant*);
const config::Table<Axis>& tableOf(const Axis*);
const config::Table<ScenarioFile>& tableOf(const ScenarioFile*);

}  // namespace callflow::topology

namespace callflow::config {

template <>
struct Scalar<topology::ExpectationText> {
  static const ScalarInfo& info();
  static Parsed<topology::ExpectationText> parse(std::string_view text) {
    return {topology::ExpectationText{std::string(text), {}}, {}};
  }
  static std::string print(const topology::ExpectationText& value) { return value.text; }
  static void setPos(topology::ExpectationText& value, const SourcePos& pos) { value.pos = pos; }
};

// "true", "false", "udp", "tcp".
template <>
struct Scalar<topology::ForgetText> {
  static const ScalarInfo& info();
  static Parsed<topology::ForgetText> parse(std::string_view text);
  static std::string print(const topology::ForgetText& value);
};

template <>
struct Scalar<topology::KeyPath> {
  static const ScalarInfo& info();
  static Parsed<topology::KeyPath> parse(std::string_view text) {
    return {topology::KeyPath{std::string(text), {}}, {}};
  }
  static std::string print(const topology::KeyPath& value) { return value.text; }
  static void setPos(topology::KeyPath& value, const SourcePos& pos) { value.pos = pos; }
};

// Kept as written; editors are told both forms.
template <>
struct TypeFor<topology::TopologyRef> {
  static const ValueType& get();
};

}  // namespace callflow::config
