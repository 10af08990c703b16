using System.Text;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>Mail is written in every code page there ever was, and the platform knows most of them only when told to. MimeKit looks once which there are, so it must be told before that.</summary>
internal static class CodePages
{
    public static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
