namespace Smxp.Host.Mail;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class MailModule
{
    public static IServiceCollection AddMail(this IServiceCollection services) => services;

    public static void MapMail(this IEndpointRouteBuilder routes)
    {
    }
}
