// Pictures of a result: for each a gnuplot script, its data and what gnuplot makes of them, side by
// side.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "src/results/result.h"

namespace callflow::plot {

// What there is to draw; a picture is left out when the result has no data for it.
//   delay-cdf      one-way delay by variant, frames that never came in the denominator
//   mos            MOS over time by variant, mean of the runs with a 95 % band
//   delay-time     delay of each frame over time, retransmissions marked (traced runs)
//   call-events    state and path of each participant's connection (calls to which anything
//                  happened)
//   loss           lost, discarded and concealed by variant
//   delay-budget   where the delay comes from, by variant
//   mos-map        MOS by the axes of a sweep, a map for each variant
// Of a sweep the others show the cell in the middle of the grid.
//   sequence       who sent what when, packet by packet (traces of at most 20 frames)
const std::vector<std::string>& pictureNames();

struct PlotOptions {
  std::vector<std::string> formats = {"svg", "png"};  // of svg, png, pdf
  std::vector<std::string> only;                      // names; empty: all
  std::string gnuplot = "gnuplot";                    // program, looked up in PATH
  const std::atomic<bool>* stop = nullptr;            // ends the drawing when true
};

struct PlotReport {
  std::vector<std::filesystem::path> files;  // scripts, data and pictures, in the order written
  std::vector<std::string> notes;            // what was left out and why, for the user
  std::vector<std::string> failures;         // pictures that could not be drawn, and why: faults
  bool gnuplotFound = true;                  // false: scripts and data only
  bool stopped = false;                      // nothing was drawn: `stop` came first
};

// Draws into `<result_dir>/plots/`: aside at first, and what is whole is moved there, so that a
// picture that is there is never lost to one that is not. Throws results::ResultError if a file
// cannot be written or a name or format is unknown, results::NoSpaceError if there is no room.
PlotReport drawPlots(const results::Result& result, const std::filesystem::path& resultDir,
                     const PlotOptions& options = {});
// Loads and draws.
PlotReport drawPlots(const std::filesystem::path& resultDir, const PlotOptions& options = {});

}  // namespace callflow::plot
