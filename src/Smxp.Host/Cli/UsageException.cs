namespace Smxp.Host.Cli;

/// <summary>A command was given something it cannot use; the message says what to give instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
