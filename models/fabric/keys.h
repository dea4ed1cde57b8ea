// How links are written in YAML.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/fabric/parameters.h"
#include "src/config/table.h"

namespace callflow::fabric {

// `overhead:` as it is written: a size, or a word that gives cells and mpu too.
struct OverheadText {
  Overhead overhead;
  bool isWord = false;
};

}  // namespace callflow::fabric

namespace callflow::config {

template <>
struct EnumNames<fabric::JitterDistribution> {
  using E = fabric::JitterDistribution;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::exponential, "exponential"}, {E::uniform, "uniform"}, {E::halfNormal, "half-normal"}};
};

template <>
struct EnumNames<fabric::Cells> {
  using E = fabric::Cells;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::none, "none"}, {E::atm, "atm"}, {E::ptm, "ptm"}};
};

template <>
struct EnumNames<fabric::DscpPolicy> {
  using E = fabric::DscpPolicy;
  static constexpr std::pair<E, const char*> kValues[] = {{E::keep, "keep"}, {E::wipe, "wipe"}};
};

// A path, from the folder of the file that it is written in, or the CSV of a trace.
template <>
struct Scalar<fabric::TraceFile> {
  static const ScalarInfo& info();
  static Parsed<fabric::TraceFile> parse(std::string_view text);
  static std::string print(const fabric::TraceFile& value);
  static void setPos(fabric::TraceFile& value, const SourcePos& pos) { value.pos = pos; }
};

// "18 B" or "docsis".
template <>
struct Scalar<fabric::OverheadText> {
  static const ScalarInfo& info();
  static Parsed<fabric::OverheadText> parse(std::string_view text);
  static std::string print(const fabric::OverheadText& value);
};

// "3 packets".
template <>
struct Scalar<fabric::PacketCount> {
  static const ScalarInfo& info();
  static Parsed<fabric::PacketCount> parse(std::string_view text);
  static std::string print(const fabric::PacketCount& value);
};

// "60 ms" or "3 packets".
template <>
struct Scalar<fabric::BurstLength> {
  static const ScalarInfo& info();
  static Parsed<fabric::BurstLength> parse(std::string_view text);
  static std::string print(const fabric::BurstLength& value);
};

// "50 ms" or "64 kB".
template <>
struct Scalar<fabric::QueueLimit> {
  static const ScalarInfo& info();
  static Parsed<fabric::QueueLimit> parse(std::string_view text);
  static std::string print(const fabric::QueueLimit& value);
};

}  // namespace callflow::config

namespace callflow::fabric {

const config::Table<Reordering>& tableOf(const Reordering*);
const config::Table<JitterParameters>& tableOf(const JitterParameters*);
const config::Table<LossParameters>& tableOf(const LossParameters*);
const config::Table<LinkParameters>& tableOf(const LinkParameters*);

// Of links in both directions, for `preset:`.
const std::vector<config::Preset>& linkPresets();

}  // namespace callflow::fabric
