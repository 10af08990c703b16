using System.CommandLine;
using System.CommandLine.Invocation;
using Smxp.Host.Cli;

// Ctrl+C and SIGTERM belong to the host, which lets what is under way finish.
var command = RootCommandFactory.Create().Parse(args);
int exitCode = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
return command.Action is ParseErrorAction ? ExitCode.Unusable : exitCode;
