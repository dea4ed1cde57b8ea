// All conditions of a file of measurements, simulated and judged.
#pragma once

#include <array>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "validation/bars.h"
#include "validation/emulator.h"
#include "validation/measured.h"

namespace callflow::validation {

inline constexpr std::array<Model, 2> allModels = {Model::linuxLike, Model::ns3};

// Which share of packets is lost in a simulation: what the measurement asked for, or what it got.
enum class Loss : std::uint8_t { asked, realized };

struct StudyOptions {
  std::vector<Model> models;  // the first is judged
  Loss loss = Loss::realized;
  int seeds = 1;
  int jobs = 1;  // processes
};

struct Simulated {
  Pooled pooled;
  Ratio loss;  // of the direction
  std::vector<Verdict> verdicts;
  std::size_t missed() const;
};

struct StudyRow {
  Pooled measured;
  // By Model; none if it was not asked for or does not offer the condition.
  std::array<std::optional<Simulated>, 2> models;
  const std::optional<Simulated>& of(Model model) const {
    return models[static_cast<std::size_t>(model)];
  }
};

// The same result whatever the number of jobs.
std::vector<StudyRow> runStudy(const std::vector<Pooled>& measured, const StudyOptions& options);

// A bar that is missed, of row `row`.
struct Miss {
  std::size_t row = 0;
  Verdict verdict;
};
// The largest excess first.
std::vector<Miss> misses(const std::vector<StudyRow>& rows, Model model);

// How many bars of a row would be missed if the model were right and only the few measured seeds to
// blame: as many simulated seeds as were measured stand in for them, against all the others; the
// mean over all such blocks of seeds. Zero if there are too few seeds for that.
double missedByChance(const StudyRow& row, Model model);
double missedByChance(const std::vector<StudyRow>& rows, Model model);

// One line a condition: measured, half of its 95 % interval, and each model's value of every
// column. Throws InputError if the file cannot be written.
void writeSideBySide(const std::vector<StudyRow>& rows, const std::vector<Model>& models,
                     const std::string& path);

// Misses that are known: a CSV of condition, column and excess. Throws InputError.
std::vector<std::string> compareWithKnown(const std::vector<StudyRow>& rows, Model model,
                                          const std::string& path);
void writeKnown(const std::vector<StudyRow>& rows, Model model, const std::string& path);

std::string_view name(Model model);  // "linux", "ns3"

}  // namespace callflow::validation
