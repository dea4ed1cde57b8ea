# Helpers for callflow's own targets.

# g++ 12 sees overlapping copies in std::string concatenation that are not there (GCC bug 105651).
set(CALLFLOW_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                      -Wold-style-cast -Woverloaded-virtual -Werror
                      -Wno-restrict)

set(CALLFLOW_COLD -O1 CACHE STRING "How far a release build optimizes what runs once a command")

# callflow_layer(NAME name [COLD] SOURCES file... LINKS target... PRIVATE_LINKS target...)
# One static library a layer, called callflow_<name>. LINKS are what its headers need. What is COLD runs once a command:
# optimizing it further takes more time than it ever gives back.
function(callflow_layer)
  cmake_parse_arguments(ARG "COLD" "NAME" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(target callflow_${ARG_NAME})
  add_library(${target} STATIC ${ARG_SOURCES})
  target_compile_options(${target} PRIVATE ${CALLFLOW_WARNINGS} $<$<AND:$<BOOL:${ARG_COLD}>,$<CONFIG:Release>>:${CALLFLOW_COLD}>)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
endfunction()

# callflow_keys(SOURCES file...)
# How a kind's parameters are written in YAML: all kinds' go into the library callflow_keys.
add_library(callflow_keys STATIC)
target_compile_options(callflow_keys PRIVATE ${CALLFLOW_WARNINGS})
target_include_directories(callflow_keys PUBLIC ${PROJECT_SOURCE_DIR})
target_link_libraries(callflow_keys PUBLIC callflow_config callflow_units callflow_diag)
function(callflow_keys)
  cmake_parse_arguments(ARG "" "" "SOURCES" ${ARGN})
  list(TRANSFORM ARG_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  target_sources(callflow_keys PRIVATE ${ARG_SOURCES})
endfunction()

# callflow_box(NAME name): the library callflow_<name> has a kind of box; src/topology/kinds.h lists them.
add_library(callflow_boxes INTERFACE)
function(callflow_box)
  cmake_parse_arguments(ARG "" "NAME" "" ${ARGN})
  target_link_libraries(callflow_boxes INTERFACE callflow_${ARG_NAME})
endfunction()

# callflow_test(NAME name LABELS label... SOURCES file... LINKS target...)
# One Catch2 executable; each TEST_CASE becomes a CTest test with the labels given.
# Tests find the source tree as CALLFLOW_SOURCE_DIR and may write only below CALLFLOW_TEST_DIR.
function(callflow_test)
  cmake_parse_arguments(ARG "" "NAME" "LABELS;SOURCES;LINKS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  # Catch2's macros take twice as long to compile with optimization, and what is tested is optimized all the same.
  target_compile_options(${ARG_NAME} PRIVATE ${CALLFLOW_WARNINGS} -O0)
  target_include_directories(${ARG_NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${ARG_NAME} PRIVATE
    CALLFLOW_SOURCE_DIR="${PROJECT_SOURCE_DIR}" CALLFLOW_TEST_DIR="${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}.d")
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}.d)
  target_link_libraries(${ARG_NAME} PRIVATE callflow_test_main ${ARG_LINKS})
  # The labels go through two scripts of CTest, each of which unfolds a list once.
  string(REPLACE ";" "\\\\\\\\;" labels "${ARG_LABELS}")
  # The tests of one executable share its folder, so two of them never run at once.
  catch_discover_tests(${ARG_NAME} TEST_PREFIX "${ARG_NAME}: " PROPERTIES LABELS "${labels}" RESOURCE_LOCK ${ARG_NAME})
endfunction()
