#include "src/results/trace_files.h"

#include <fmt/format.h>

#include <array>

#include "src/results/number.h"
#include "src/results/result.h"

namespace callflow::results {

namespace {

using metrics::PlayoutPart;
using metrics::RunRecord;
using metrics::StreamRecord;

constexpr std::array<std::string_view, 4> kFateNames = {"played", "late", "lost", "in-flight"};

constexpr std::array<std::string_view, 5> kPlayoutNames = {"played", "recovered", "concealed",
                                                           "paused", "stretched"};

template <class Enum, std::size_t kSize>
Enum named(const std::array<std::string_view, kSize>& names, const Rows& rows, std::size_t row,
           std::size_t column) {
  const std::string& text = rows.text(row, column);
  for (std::size_t i = 0; i < kSize; ++i)
    if (names[i] == text) return static_cast<Enum>(i);
  throw ResultError(fmt::format("{}: row {}: \"{}\" is none of {}", rows.table().file().string(),
                                row + 1, text, fmt::join(names, ", ")));
}

void readFrames(const Texts& texts, RunRecord& run) {
  const Rows rows(texts, "trace.csv", run);
  const CsvTable& t = rows.table();
  const auto sequence = t.needColumn("sequence");
  const auto sent = t.needColumn("sent[ms]");
  const auto first = t.needColumn("first_transmission[ms]");
  const auto copies = t.needColumn("copies");
  const auto arrived = t.needColumn("arrived[ms]");
  const auto received = t.needColumn("received[ms]");
  const auto played = t.needColumn("played[ms]");
  const auto fate = t.needColumn("fate");
  const auto target = t.column("jitter_buffer_target[ms]");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    metrics::FrameTrace frame;
    frame.sequence = rows.integer(i, sequence);
    frame.sent = rows.time(i, sent);
    frame.firstTransmission = rows.time(i, first);
    frame.copies = static_cast<std::int32_t>(rows.integer(i, copies));
    frame.arrived = rows.time(i, arrived);
    frame.received = rows.time(i, received);
    frame.played = rows.time(i, played);
    if (target != CsvTable::kAbsent) {
      frame.jitterBufferTarget = rows.duration(i, target);
    }
    frame.fate = named<metrics::FrameFate>(kFateNames, rows, i, fate);
    rows.stream(i).trace.push_back(frame);
  }
}

void readCrossings(const Texts& texts, RunRecord& run) {
  const Rows rows(texts, "crossings.csv", run);
  const CsvTable& t = rows.table();
  const auto sequence = t.needColumn("sequence");
  const auto leg = t.needColumn("leg");
  const auto copy = t.needColumn("copy");
  const auto sent = t.needColumn("sent[ms]");
  const auto arrived = t.needColumn("arrived[ms]");
  const auto delivered = t.needColumn("delivered[ms]");
  const auto lost = t.needColumn("lost_at");
  std::size_t frame =
      0;  // written in order of stream and frame: the next one is at or after the last
  StreamRecord* stream = nullptr;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StreamRecord& s = rows.stream(i);
    if (&s != stream) frame = 0;
    stream = &s;
    const long long number = rows.integer(i, sequence);
    while (frame < s.trace.size() && s.trace[frame].sequence != number) ++frame;
    if (frame == s.trace.size()) {
      throw ResultError(
          fmt::format("{}: row {}: trace.csv has no frame {}", t.file().string(), i + 1, number));
    }
    metrics::LegCrossing c;
    c.leg = static_cast<std::int32_t>(rows.integer(i, leg));
    c.copy = static_cast<std::int32_t>(rows.integer(i, copy));
    c.sent = rows.time(i, sent);
    c.arrived = rows.time(i, arrived);
    c.delivered = rows.time(i, delivered);
    c.lostAt = rows.text(i, lost);
    s.trace[frame].crossings.push_back(std::move(c));
  }
}

void writeFrames(const RunRecord& run, FileTexts& files) {
  CsvWriter trace(
      streamHeader({"sequence", "sent[ms]", "first_transmission[ms]", "copies", "arrived[ms]",
                    "received[ms]", "played[ms]", "fate", "jitter_buffer_target[ms]"}));
  CsvWriter crossings(streamHeader(
      {"sequence", "leg", "copy", "sent[ms]", "arrived[ms]", "delivered[ms]", "lost_at"}));
  bool traced = false;
  bool crossed = false;
  for (const StreamRecord& s : run.streams) {
    for (const metrics::FrameTrace& f : s.trace) {
      auto row = streamKey(run, s);
      row.insert(row.end(), {std::to_string(f.sequence), millisecondsText(f.sent),
                             millisecondsText(f.firstTransmission), std::to_string(f.copies),
                             millisecondsText(f.arrived), millisecondsText(f.received),
                             millisecondsText(f.played), std::string{name(f.fate)},
                             millisecondsText(f.jitterBufferTarget)});
      trace.row(row);
      traced = true;
      for (const metrics::LegCrossing& c : f.crossings) {
        auto crossing = streamKey(run, s);
        crossing.insert(crossing.end(),
                        {std::to_string(f.sequence), std::to_string(c.leg), std::to_string(c.copy),
                         millisecondsText(c.sent), millisecondsText(c.arrived),
                         millisecondsText(c.delivered), c.lostAt});
        crossings.row(crossing);
        crossed = true;
      }
    }
  }
  if (traced) files.emplace_back("trace.csv", trace.text());
  if (crossed) files.emplace_back("crossings.csv", crossings.text());
}

void readPlayout(const Texts& texts, RunRecord& run) {
  const Rows rows(texts, "playout.csv", run);
  const CsvTable& t = rows.table();
  const auto kind = t.needColumn("sound");
  const auto sequence = t.needColumn("sequence");
  const auto at = t.needColumn("at[ms]");
  const auto length = t.needColumn("length[ms]");
  const auto faded = t.needColumn("faded[ms]");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    PlayoutPart part;
    part.sound = named<metrics::PlayoutSound>(kPlayoutNames, rows, i, kind);
    part.sequence = rows.integer(i, sequence);
    part.at = rows.time(i, at);
    part.length = rows.duration(i, length);
    part.faded = rows.duration(i, faded);
    rows.stream(i).playout.push_back(part);
  }
}

void writePlayout(const RunRecord& run, FileTexts& files) {
  CsvWriter table(streamHeader({"sound", "sequence", "at[ms]", "length[ms]", "faded[ms]"}));
  bool any = false;
  for (const StreamRecord& s : run.streams) {
    for (const PlayoutPart& part : s.playout) {
      auto row = streamKey(run, s);
      row.insert(row.end(), {std::string{kPlayoutNames[static_cast<std::size_t>(part.sound)]},
                             std::to_string(part.sequence), millisecondsText(part.at),
                             millisecondsText(part.length), millisecondsText(part.faded)});
      table.row(row);
      any = true;
    }
  }
  if (any) files.emplace_back("playout.csv", table.text());
}

}  // namespace

std::string_view name(metrics::FrameFate fate) {
  return kFateNames[static_cast<std::size_t>(fate)];
}

void writeTraces(const RunRecord& run, FileTexts& files) {
  writeFrames(run, files);
  writePlayout(run, files);
}

void readTraces(const Texts& texts, RunRecord& run) {
  if (texts.find("trace.csv") != nullptr) readFrames(texts, run);
  if (texts.find("crossings.csv") != nullptr) readCrossings(texts, run);
  if (texts.find("playout.csv") != nullptr) readPlayout(texts, run);
}

}  // namespace callflow::results
