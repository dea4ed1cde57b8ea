#include "src/topology/draw.h"
#include "src/topology/draw_sketch.h"

namespace callflow::topology {
namespace {

// Inside Mermaid's quoted labels; its entities begin with `#`.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '#':
        out += "#35;";
        break;
      case '&':
        out += "#amp;";
        break;
      case '<':
        out += "#lt;";
        break;
      case '>':
        out += "#gt;";
        break;
      case '"':
        out += "#quot;";
        break;
      case '`':  // would begin Markdown
        out += "#96;";
        break;
      case '\n':
        out += "<br/>";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return out;
}

const char* className(ShapeKind kind) {
  switch (kind) {
    case ShapeKind::participant:
      return "participant";
    case ShapeKind::firewall:
      return "firewall";
    case ShapeKind::edge:
    case ShapeKind::region:
      return "azure";
    case ShapeKind::lan:
    case ShapeKind::nat:
    case ShapeKind::internet:
      break;
  }
  return "plain";
}

std::string node(std::size_t id, const Shape& shape, const std::string& indent) {
  std::string label = escaped(shape.title);
  for (const std::string& note : shape.notes) label += "<br/>" + escaped(note);
  const bool round = shape.kind == ShapeKind::internet;
  return indent + "n" + std::to_string(id) + (round ? "([\"" : "[\"") + label +
         (round ? "\"])" : "\"]") + ":::" + className(shape.kind) + "\n";
}

}  // namespace

std::string drawMermaid(const NetworkGraph& graph, const DrawOptions& options) {
  const Sketch drawing = sketch(graph, options);
  std::string text;
  if (!options.title.empty()) {
    std::string title;
    for (const char c : options.title) {
      if (c == '"' || c == '\\') title += '\\';
      title += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    text += "---\ntitle: \"" + title + "\"\n---\n";
  }
  text += "flowchart LR\n";
  std::vector<bool> grouped(drawing.shapes.size());
  for (std::size_t i = 0; i < drawing.groups.size(); ++i) {
    const Group& group = drawing.groups[i];
    text += "  subgraph g" + std::to_string(i) + "[\"" + escaped(group.title) + "\"]\n";
    for (const std::size_t id : group.shapes) {
      grouped[id] = true;
      text += node(id, drawing.shapes[id], "    ");
    }
    text += "  end\n";
  }
  for (std::size_t id = 0; id < drawing.shapes.size(); ++id) {
    if (!grouped[id]) text += node(id, drawing.shapes[id], "  ");
  }
  std::string styles;
  std::size_t number = 0;
  const auto line = [&](const Line& each, const char* stroke, const std::string& label,
                        const char* look) {
    text += "  n" + std::to_string(each.from) + " " + stroke +
            (label.empty() ? " " : "|\"" + escaped(label) + "\"| ") + "n" +
            std::to_string(each.to) + "\n";
    styles += "  linkStyle " + std::to_string(number++) + " " + look + "\n";
  };
  constexpr const char* kUdp = "stroke:#0072B2,stroke-width:3px";
  constexpr const char* kTcp = "stroke:#D55E00,stroke-width:3px,stroke-dasharray:6 4";
  for (const Line& each : drawing.lines) {
    if (each.udp) line(each, "---", each.label, kUdp);
    if (each.tcp) line(each, "---", each.udp ? "" : each.label, kTcp);
    if (!each.udp && !each.tcp) line(each, "---", each.label, "stroke:#8A8F98");
  }
  if (drawing.hasUdp || drawing.hasTcp) {
    text += "  subgraph legend[\"Legend\"]\n    k0[\" \"]:::key\n";
    int key = 0;
    const auto entry = [&](const char* label, const char* look) {
      const std::string next = "k" + std::to_string(++key);
      text +=
          "    k" + std::to_string(key - 1) + " ---|\"" + label + "\"| " + next + "[\" \"]:::key\n";
      styles += "  linkStyle " + std::to_string(number++) + " " + look + "\n";
    };
    if (drawing.hasUdp) entry("media over UDP", kUdp);
    if (drawing.hasTcp) entry("media over TCP", kTcp);
    text += "  end\n";
  }
  return text + styles +
         "  classDef participant fill:#D6EAF8,stroke:#0072B2,color:#1F2430\n"
         "  classDef firewall fill:#FCE5D4,stroke:#D55E00,color:#1F2430\n"
         "  classDef azure fill:#E2D9F3,stroke:#6B4FA0,color:#1F2430\n"
         "  classDef plain fill:#FFFFFF,stroke:#5B6270,color:#1F2430\n"
         "  classDef key fill:none,stroke:none\n";
}

}  // namespace callflow::topology
