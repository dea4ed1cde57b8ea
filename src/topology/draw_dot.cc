#include "src/topology/draw.h"
#include "src/topology/draw_sketch.h"

namespace callflow::topology {
namespace {

// Colours of Okabe and Ito, which people with colour-blindness can tell apart; the line styles
// differ too.
constexpr const char* kUdpColour = "#0072B2";
constexpr const char* kTcpColour = "#D55E00";
constexpr const char* kOtherColour = "#8A8F98";
constexpr const char* kText = "#1F2430";

// For HTML-like labels.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return out;
}

std::string small(const std::string& text) {
  return "<FONT POINT-SIZE=\"9\" COLOR=\"#4A5160\">" + escaped(text) + "</FONT>";
}

std::string lines(const std::string& text) {
  std::string out;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find('\n', begin);
    out += small(text.substr(begin, end - begin));
    if (end == std::string::npos) return out;
    out += "<BR/>";
    begin = end + 1;
  }
}

const char* style(ShapeKind kind) {
  switch (kind) {
    case ShapeKind::participant:
      return "shape=box style=\"rounded,filled\" fillcolor=\"#D6EAF8\" color=\"#0072B2\"";
    case ShapeKind::lan:
      return "shape=box style=\"rounded,filled\" fillcolor=\"#FFFFFF\" color=\"#8A8F98\" "
             "height=0.3";
    case ShapeKind::firewall:
      return "shape=box style=filled fillcolor=\"#FCE5D4\" color=\"#D55E00\"";
    case ShapeKind::nat:
      return "shape=box style=filled fillcolor=\"#F5F6F8\" color=\"#5B6270\"";
    case ShapeKind::internet:
      return "shape=ellipse style=filled fillcolor=\"#FFFFFF\" color=\"#5B6270\"";
    case ShapeKind::edge:
      return "shape=box style=\"rounded,filled\" fillcolor=\"#FFFFFF\" color=\"#6B4FA0\"";
    case ShapeKind::region:
      return "shape=box style=\"rounded,filled\" fillcolor=\"#E2D9F3\" color=\"#6B4FA0\"";
  }
  return "";
}

std::string node(std::size_t id, const Shape& shape, const std::string& indent) {
  std::string label = "<B>" + escaped(shape.title) + "</B>";
  if (shape.kind == ShapeKind::lan) label = small(shape.title);
  for (const std::string& note : shape.notes) label += "<BR/>" + small(note);
  return indent + "n" + std::to_string(id) + " [" + style(shape.kind) + " label=<" + label +
         ">];\n";
}

std::string cluster(std::size_t number, const Group& group, const Sketch& drawing) {
  const std::string colours = group.azure ? "fillcolor=\"#F4F0FB\" color=\"#CFC2E8\""
                                          : "fillcolor=\"#EFF3F9\" color=\"#C3CFE2\"";
  std::string text = "  subgraph cluster" + std::to_string(number) +
                     " {\n    style=\"rounded,filled\" " + colours +
                     " labelloc=t labeljust=l margin=12 fontsize=11\n    label=<" +
                     escaped(group.title) + ">;\n";
  for (const std::size_t id : group.shapes) text += node(id, drawing.shapes[id], "    ");
  return text + "  }\n";
}

std::string edge(const Line& line, const std::string& attributes) {
  return "  n" + std::to_string(line.from) + " -> n" + std::to_string(line.to) + " [" + attributes +
         "];\n";
}

std::string edges(const Line& line) {
  // Room below (beside, if the line goes up) keeps the text off the line that it belongs to.
  const std::string room =
      line.sideways ? "&#160;&#160;&#160;&#160;" : "<BR/><FONT POINT-SIZE=\"5\"> </FONT>";
  std::string label;
  if (!line.label.empty()) label = " label=<" + lines(line.label) + room + ">";
  if (line.sideways) label += " constraint=false";
  const std::string udp = std::string("color=\"") + kUdpColour + "\" penwidth=3";
  const std::string tcp = std::string("color=\"") + kTcpColour + "\" penwidth=3 style=dashed";
  if (line.udp && line.tcp) {
    // An empty label of its own keeps the second line apart from the first.
    return edge(line, udp + label) +
           edge(line, tcp + " label=\" \"" + (line.sideways ? " constraint=false" : ""));
  }
  if (line.udp) return edge(line, udp + label);
  if (line.tcp) return edge(line, tcp + label);
  return edge(line, std::string("color=\"") + kOtherColour + "\"" + label);
}

std::string legend(const Sketch& drawing, const DrawOptions& options) {
  std::string cells;
  const auto cell = [&](const std::string& text) { cells += "<TD>" + text + "</TD>"; };
  const auto key = [&](const char* colour, const std::string& dash, const std::string& text) {
    cell(std::string("<FONT COLOR=\"") + colour + "\"><B>" + dash + "</B> " + text + "</FONT>");
  };
  if (!options.title.empty()) cell("<B>" + escaped(options.title) + "</B>");
  if (drawing.hasUdp) key(kUdpColour, "&#8212;&#8212;", "media over UDP");
  if (drawing.hasTcp) key(kTcpColour, "&#8211; &#8211; &#8211;", "media over TCP");
  if (drawing.hasUdp || drawing.hasTcp) key(kOtherColour, "&#8212;&#8212;", "not on the path");
  if (cells.empty()) return {};
  return "  label=<<TABLE BORDER=\"0\" CELLSPACING=\"8\"><TR>" + cells + "</TR></TABLE>>;\n";
}

}  // namespace

std::string drawDot(const NetworkGraph& graph, const DrawOptions& options) {
  const Sketch drawing = sketch(graph, options);
  std::string text =
      "digraph callflow {\n"
      "  rankdir=LR; bgcolor=\"white\"; pad=0.2; nodesep=0.3; ranksep=0.45; labelloc=b;\n"
      "  fontname=\"DejaVu Sans\"; fontsize=11;\n"
      "  node [fontname=\"DejaVu Sans\" fontsize=11 margin=\"0.12,0.06\" fontcolor=\"" +
      std::string(kText) +
      "\"];\n"
      "  edge [fontname=\"DejaVu Sans\" fontsize=9 dir=none];\n";
  text += legend(drawing, options);
  std::vector<bool> grouped(drawing.shapes.size());
  for (std::size_t i = 0; i < drawing.groups.size(); ++i) {
    for (const std::size_t id : drawing.groups[i].shapes) grouped[id] = true;
    text += cluster(i, drawing.groups[i], drawing);
  }
  for (std::size_t id = 0; id < drawing.shapes.size(); ++id) {
    if (!grouped[id]) text += node(id, drawing.shapes[id], "  ");
  }
  for (const Line& line : drawing.lines) text += edges(line);
  return text + "}\n";
}

}  // namespace callflow::topology
