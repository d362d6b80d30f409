// SPDX-License-Identifier: Apache-2.0
// Which names a symbol may not have in generated code.
#include <algorithm>
#include <array>
#include <string_view>

#include <nke/exact/expr/print.hpp>

namespace nke {
namespace {

constexpr std::string_view cpp_words[] = {
    "alignas",  "alignof",   "and",       "and_eq",   "asm",      "auto",         "bitand",        "bitor",
    "bool",     "break",     "case",      "catch",    "char",     "char8_t",      "class",         "co_await",
    "co_yield", "compl",     "concept",   "const",    "continue", "constexpr",    "consteval",     "constinit",
    "decltype", "default",   "delete",    "do",       "double",   "dynamic_cast", "co_return",     "char16_t",
    "char32_t", "else",      "enum",      "explicit", "export",   "extern",       "false",         "float",
    "for",      "friend",    "goto",      "if",       "inline",   "int",          "long",          "mutable",
    "noexcept", "not",       "not_eq",    "nullptr",  "operator", "or",           "or_eq",         "private",
    "public",   "protected", "namespace", "new",      "register", "requires",     "return",        "reinterpret_cast",
    "short",    "signed",    "sizeof",    "static",   "struct",   "static_cast",  "static_assert", "const_cast",
    "switch",   "template",  "this",      "throw",    "true",     "try",          "typedef",       "thread_local",
    "typeid",   "typename",  "union",     "unsigned", "using",    "virtual",      "void",          "volatile",
    "wchar_t",  "while",     "xor",       "xor_eq",   "std",      "linux",        "unix",          "determinant",
    "NAN",      "INFINITY",  "NULL",      "HUGE_VAL", "errno",    "EOF",          "main"};

constexpr std::string_view python_words[] = {
    "and",  "as",       "assert",  "async", "await", "break",       "class", "continue", "def",  "del",   "elif",
    "else", "except",   "finally", "for",   "from",  "global",      "if",    "import",   "in",   "is",    "lambda",
    "not",  "nonlocal", "or",      "pass",  "raise", "return",      "try",   "while",    "with", "yield", "None",
    "True", "False",    "np",      "math",  "float", "determinant", "stax",  "cov12",    "var1", "var2"};

template <std::size_t n>
bool contains(const std::string_view (&words)[n], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_defined_in_code(std::string_view name, Language language) {
  const auto rows = function_table();
  return std::any_of(rows.begin(), rows.end(),
                     [&](const FunctionRow& row) { return row.code[static_cast<std::size_t>(language)].call == name; });
}

}  // namespace

// What would be a word without its last underscores gets one more: different symbols stay different.
std::string code_symbol(const std::string& name, Language language) {
  const std::string_view stem = std::string_view(name).substr(0, name.find_last_not_of('_') + 1);
  const bool word = language == Language::cpp ? contains(cpp_words, stem) : contains(python_words, stem);
  return word || is_defined_in_code(stem, language) ? name + "_" : name;
}

}  // namespace nke
