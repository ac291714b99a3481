/**
 * Words of servers for a prompt beyond the model's context. vLLM: "maximum context length is", "longer than
 * the maximum model length"; SGLang: "longer than the model's context length"; OpenAI: `context_length_exceeded`;
 * Anthropic: "prompt is too long"; llama.cpp: "exceeds the available context size"; TGI: "`inputs` tokens + `max_new_tokens`
 * must be <=", "must have less than … tokens"; TensorRT-LLM: "exceeds maximum input length", "should not exceed
 * max_seq_len"; Gemini: "input token count … exceeds the maximum"; Ollama: "exceeds the context length".
 */
const WORDS = [
  /context[ _-]?(?:length|window|size|limit)/i,
  /maximum context|max(?:imum)?[ _](?:model|seq(?:uence)?|input|prompt)[ _-]?(?:len|length|tokens)\b/i,
  /prompt is too long|input is too long|(?:prompt|input|request)(?: is)? (?:too long|longer than the)/i,
  /inputs`? tokens \+ `?max_new_tokens|inputs`? must have less than/i,
  /input token count.*exceeds/i,
];

/** Words of the failure of a limit that is no context. */
const OTHERS = /rate limit|per minute|quota|too many requests|max_tokens.*(?:unsupported|not supported)/i;

/** True for the message of a prompt beyond the model's context. */
export function isContextOverflow(message: string): boolean {
  return WORDS.some((word) => word.test(message)) && !OTHERS.test(message);
}
