using System.Runtime.CompilerServices;
using Smxp.Bridge.Email.Mapping;

namespace Smxp.Bridge.Email.Tests.Mapping;

/// <summary>Does for the tests what the bridge does when it starts, before any of them reads a mail.</summary>
internal static class CodePagesOfTests
{
#pragma warning disable CA2255 // Tests run in any order and at once, and there is no other place before all of them.
    [ModuleInitializer]
    internal static void Register() => CodePages.Register();
#pragma warning restore CA2255
}
